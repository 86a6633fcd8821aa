/** What these chips have beside what every machine has. */
export * from "../../common/drivers/hw";

/** The processor's counter since the start: `hertz` ticks a second. It has to be asked for at least once in 2^32 of them. */
export declare function ticks(): u64;
/** One interrupt, number 6, when the lower half of that counter is this. */
export declare function alarm(ticks: u32): void;
/** Interrupts that end sleep, as bits. None of them is ever taken. */
export declare function listen(interrupts: u32): void;
/** Sleeps until one of them is there. */
export declare function sleep(): void;
/** Those of them that are there. */
export declare function pending(): u32;
