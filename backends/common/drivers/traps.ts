/** Why compiled code traps, by the codes that the code generator gives traps. */

/** For people; empty for a code that is none of these. */
export function trapName(trap: u64): string {
  if (trap == 0) return "unreachable";
  if (trap == 1) return "memory access outside of memory";
  if (trap == 2) return "division by zero";
  if (trap == 7) return "stack used up";
  return "";
}
