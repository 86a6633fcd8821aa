/** Which words a type has. */
import { bare, type Type } from "../types/type.ts";

/** The words and tags that a value of the type can have. */
export function wordsOf(type: Type): readonly string[] {
  const it = bare(type);
  if (it.kind === "optional") return ["none", ...wordsOf(it.inner)];
  if (it.kind !== "union") return [];
  return it.arms.flatMap((arm) => (arm.kind === "type" ? wordsOf(arm.type) : [arm.word]));
}
