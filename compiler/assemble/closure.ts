/** All sources that a program consists of: from its entries along the imports. */
import { folderOf, joined } from "./paths.ts";

/** `import … from "./x"`, `export … from "./x"`, `import "./x"` at the beginning of a line, as the formatter writes them. */
const pattern = /^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;

/** Path → text. `read` gives the text of a path, generated or from the library; what is missing is for the compiler to report. */
export function closure(
  entries: readonly string[],
  read: (path: string) => string | undefined,
): Record<string, string> {
  const found = new Map<string, string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    const text = read(path);
    if (text === undefined) continue;
    found.set(path, text);
    for (const match of text.matchAll(pattern)) {
      const target = joined(folderOf(path), (match[1] ?? match[2])!);
      queue.push(`${target}.ts`, `${target}/index.ts`);
    }
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
