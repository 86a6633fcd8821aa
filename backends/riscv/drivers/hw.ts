/** What RISC-V has beside what every machine has. */
export * from "../../common/drivers/hw";

/** The counter of time: `timebase` ticks a second. */
export declare function rdtime(): u64;
/** A service of the firmware: its value, or the error, which is less than 0 (RISC-V Supervisor Binary Interface 2.0, chapter 3). */
export declare function sbi(extension: u32, service: u32, x: u64, y: u64): i64;
