/** Parts that have no code yet. */
export const secondary: bool = false;
