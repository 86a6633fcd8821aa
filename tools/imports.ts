/** The imports of a TypeScript or AssemblyScript file, as written, with their lines. Comments and strings elsewhere do not count. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const pattern =
  /^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

export function importsOf(text: string): readonly Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(pattern)) {
    const specifier = match[1] ?? match[2] ?? match[3];
    // Text with holes is code that is being generated.
    if (specifier === undefined || specifier.includes("${")) continue;
    found.push({ specifier, line: text.slice(0, match.index).split("\n").length });
  }
  return found;
}
