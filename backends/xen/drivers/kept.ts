/** The memory that no warm restart touches: values for slots, and behind them, from here on, the key of random numbers for the next life. */
export const SEED: u64 = 8176;
