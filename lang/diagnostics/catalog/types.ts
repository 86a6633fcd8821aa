/** E02xx: values of the wrong type. */

export const types = {} as const;
