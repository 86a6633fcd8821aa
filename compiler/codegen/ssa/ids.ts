declare const brand: unique symbol;
type Id<Name extends string> = number & { readonly [brand]: Name };

/** Names one SSA value of one function; dense from 0, so arrays can be indexed by it. */
export type ValueId = Id<"value">;
/** Names one basic block of one function; dense from 0 in order of making, not of layout. */
export type BlockId = Id<"block">;
/** Names one instruction of one function; dense from 0 in order of making. */
export type InstId = Id<"inst">;
