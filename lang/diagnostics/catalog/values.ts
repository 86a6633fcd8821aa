/** E03xx: values, files and secrets. */

export const values = {} as const;
