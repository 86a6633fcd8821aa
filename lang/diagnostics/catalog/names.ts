/** E01xx: names that mean nothing here. */

export const names = {} as const;
