/**
 * Canonical JSON: RFC 8785 on a subset, so that equal structures have equal bytes. Keys are ASCII and in order of their code units; numbers
 * are integers below 2^53; there is no null. A member that is undefined is not there.
 */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };

export function canonical(value: Json): Uint8Array {
  return new TextEncoder().encode(canonicalText(value));
}

export function canonicalText(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value.normalize("NFC"));
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error(`BUG: ${value} has no canonical form`);
    return String(value === 0 ? 0 : value);
  }
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  const members = Object.entries(value).filter((member): member is [string, Json] => member[1] !== undefined);
  for (const [key] of members)
    if (!/^[\x20-\x7e]*$/.test(key)) throw new Error(`BUG: the key ${JSON.stringify(key)} is not ASCII`);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(",")}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
