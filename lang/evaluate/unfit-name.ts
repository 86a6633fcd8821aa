/** Names of files that not every system could have. */

/** Why a name cannot be part of an image; undefined if it can. */
export function unfitName(name: string): string | undefined {
  if (name.includes("\ufffd")) return "its name is not UTF-8";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x1f\x7f]/.test(name)) return "its name has a control character";
  if (name.includes("\\")) return "its name has a `\\`, which divides folders on other systems";
  if (new TextEncoder().encode(name).length > 255) return "its name has more than 255 bytes";
  return undefined;
}
