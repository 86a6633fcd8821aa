/** E05xx and E07xx: references and checks over the finished configuration. */

export const references = {} as const;
