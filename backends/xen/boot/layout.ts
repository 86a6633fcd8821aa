/** Numbers of Xen's interface that boot code and drivers share; `boot.test.ts` compares them with those of the drivers. */

/** Hypercalls: Xen, include/public/xen.h. */
export const hypercalls = { scheduler: 29, events: 32, hvm: 34 } as const;
/** Of the scheduler's: include/public/sched.h. */
export const scheduler = { yield: 0, shutdown: 2 } as const;
/** Why a guest has ended. */
export const shutdown = { powerOff: 0, reboot: 1, crash: 3 } as const;
/** Of events': include/public/event_channel.h. */
export const events = { send: 4 } as const;
/** include/public/hvm/hvm_op.h, include/public/hvm/params.h */
export const hvm = { getParameter: 1 } as const;
export const parameters = { consoleFrame: 17, consoleEvent: 18 } as const;
/** This guest, wherever a domain is asked for. */
export const SELF = 0x7ff0;

/** The console's ring, include/public/io/console.h: what is written, and how far the reader and we are. */
export const consoleRing = { out: 1024, outSize: 2048, outConsumer: 3080, outProducer: 3084 } as const;

/** Bytes written here appear in the hypervisor's own log, if it is told to keep what guests say. */
export const DEBUG_PORT = 0xe9;
