/** What a guest of Xen has beside what every x86-64 machine has. */
export * from "../../common/drivers/x86/hw";

/** Calls the hypervisor; what is given are numbers, or addresses as they are. A negative result is an error. */
export declare function hypercall(number: u32, a: u64, b: u64, c: u64, d: u64): i64;
/** Puts `value` at an address and gives what was there, in one step for everybody who looks. */
export declare function exchange(address: u64, value: u64): u64;
/** Address of 8 KiB that are zero at the first start, and that no warm restart touches. */
export declare function kept(): u64;
