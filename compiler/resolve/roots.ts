/** What an image needs somebody for, whatever its description has blocks for. */
import type { Configuration } from "#lang";

/** Who fills slots does so before anything else starts. */
const SLOTS = "std/core.Slots";

/** What the machine itself needs, behind who fills the slots if there are any. */
export function rootsOf(
  { secrets }: Pick<Configuration, "secrets">,
  backend: { readonly roots: readonly string[] } | undefined,
): readonly string[] {
  const own = backend?.roots ?? [];
  return backend && secrets.some(({ delivery }) => delivery.by === "boot") ? [SLOTS, ...own] : own;
}
