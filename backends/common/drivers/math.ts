/** The upper half of the product of two numbers. */
export declare function mul64hi(a: u64, b: u64): u64;
