/** What a value has in a field, if it is what one expects there. */
import type { Value } from "#lang";

export const fieldOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === "record" ? value.fields.get(name) : undefined;

export const textOf = (value: Value | undefined): string => (value?.kind === "str" ? value.value : "");

export const bytesOf = (value: Value | undefined): bigint => (value?.kind === "size" ? value.bytes : 0n);
