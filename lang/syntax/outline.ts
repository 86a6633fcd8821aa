/**
 * The names that a description declares at the beginning of its lines, without parsing it: a program that only wants to know what there is to
 * build need not load the parser. What it finds in a text without errors is what the parser finds.
 */
export interface Outline {
  readonly appliances: readonly string[];
  readonly targets: readonly string[];
}

const skipped = /#[^\n]*|r"[^"\n]*"|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"/g;
const declared = /^(appliance|target)[ \t]+([A-Za-z_][A-Za-z0-9_-]*)/gm;

export function outline(text: string): Outline {
  const bare = text.replace(skipped, (part) => (part.includes("\n") ? '"\n"' : '""'));
  const found = { appliance: new Set<string>(), target: new Set<string>() };
  for (const [, word, name] of bare.matchAll(declared)) found[word as "appliance" | "target"].add(name!);
  return { appliances: [...found.appliance], targets: [...found.target] };
}
