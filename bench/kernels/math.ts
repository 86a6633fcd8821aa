/** What WebAssembly cannot say and the code generator can: docs/codegen.md. Where a kernel runs in V8, `math-portable.ts` stands for it. */

/** The upper half of the product. */
export declare function mul64hi(a: u64, b: u64): u64;

/** The function that calls this is secret: nothing that it reads from memory may decide what is executed or accessed. */
export declare function secret(): void;
