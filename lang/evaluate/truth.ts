import type { Value } from "../values/value.ts";

/** The checker made sure that it is a `Bool`. */
export const isTrue = (value: Value): boolean => value.kind === "bool" && value.value;
