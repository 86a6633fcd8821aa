/** The console of a board on this terminal, until Ctrl-C or Ctrl-]. */
import type { Lines } from "#compiler";
import { TrapReader } from "../run/console.ts";
import { BAUD, type SerialPort } from "./port.ts";
import { reset } from "./rom.ts";

export interface MonitorOptions {
  /** What the code was made of, if that is known. */
  readonly lines: Lines | undefined;
  readonly write: (text: string) => void;
  /** Told when nothing is missed any more. */
  readonly opened: () => void;
  /** The board starts anew, so nothing of its beginning is missed. */
  readonly reset: boolean;
}

const CTRL_C = 3;
const CTRL_BRACKET = 0x1d;

/** Returns when the person has left; the device's loss is an error. */
export async function monitor(port: SerialPort, options: MonitorOptions): Promise<void> {
  // Whoever has read from it before reads no more.
  await port.close();
  await port.open({ baudRate: BAUD });
  const console = new TrapReader(options.lines, options.write);
  const reader = port.readable!.getReader();
  const leave = leaving();
  const shown = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return port.lost;
      console.read(Buffer.from(value));
    }
  };
  options.opened();
  try {
    if (options.reset) await reset(port);
    await Promise.race([shown(), port.lost, leave.asked]);
  } finally {
    leave.end();
    reader.releaseLock();
  }
}

/** Keys are read one by one, so that Ctrl-] is one; without a terminal there are signals only. */
function leaving(): { readonly asked: Promise<void>; end(): void } {
  let asked!: () => void;
  const promise = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { stdin } = process;
  const keys = stdin.isTTY === true;
  const pressed = (bytes: Buffer) => {
    if (bytes.includes(CTRL_C) || bytes.includes(CTRL_BRACKET)) asked();
  };
  if (keys) {
    stdin.setRawMode(true);
    stdin.on("data", pressed);
  }
  process.on("SIGINT", asked);
  process.on("SIGTERM", asked);
  return {
    asked: promise,
    end: () => {
      if (keys) {
        stdin.off("data", pressed);
        stdin.setRawMode(false);
        stdin.pause();
      }
      process.off("SIGINT", asked);
      process.off("SIGTERM", asked);
    },
  };
}
