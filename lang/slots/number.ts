/** Values that are one number where a machine has them. */
import type { Value } from "../values/value.ts";

export function numberOf(value: Value): bigint | undefined {
  switch (value.kind) {
    case "bool":
      return value.value ? 1n : 0n;
    case "int":
      return value.value;
    case "duration":
      return value.ns;
    case "size":
      return value.bytes;
    case "mac":
      return value.bits;
    default:
      return undefined;
  }
}
