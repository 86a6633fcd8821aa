/** E04xx: definitions that do not go together. */

export const merge = {} as const;
