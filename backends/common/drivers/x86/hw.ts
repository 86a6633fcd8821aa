/** What x86-64 has beside what every machine has. Ports and registers are the manuals'. */
export * from "../hw";

export declare function in8(port: u32): u32;
export declare function in16(port: u32): u32;
export declare function in32(port: u32): u32;
export declare function out8(port: u32, value: u32): void;
export declare function out16(port: u32, value: u32): void;
export declare function out32(port: u32, value: u32): void;
export declare function pause(): void;
export declare function rdtsc(): u64;
export declare function rdmsr(register: u32): u64;
export declare function wrmsr(register: u32, value: u64): void;
/** `register`: 0 eax, 1 ebx, 2 ecx, 3 edx. */
export declare function cpuid(leaf: u32, subleaf: u32, register: u32): u32;
/** 0 when the hardware had none ready. Only where CPUID leaf 1 has bit 30 of ecx. */
export declare function rdrand(): u64;
/** Interrupts since the last call: bit n is vector 32 + n. */
export declare function interrupts(): u64;
