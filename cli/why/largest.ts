/** What takes the room: each module with all that is only there for it. */
import type { CostNode } from "#compiler";
import { columns, grouped } from "../modules-report.ts";

const kinds = ["image", "ram"] as const;
type Kind = (typeof kinds)[number];

/** Two trees, by bytes of code and by bytes of memory. */
export function largestText(name: string, tree: CostNode, measured: boolean): string {
  const titles: Readonly<Record<Kind, string>> = {
    image: "bytes of code, with what is only there for it",
    ram: "bytes of memory that set-up has filled or set aside",
  };
  const about = measured ? "" : "  (not built: as the libraries estimate)";
  if (!measured && tree.total.image + tree.total.ram === 0)
    return `${name}  (not built, and its libraries estimate nothing)\n`;
  const parts = kinds.map((kind) => {
    const rows = rowsOf(tree, kind, 0);
    const all = [grouped(tree.total[kind]), "", "everything"];
    return `\n${titles[kind]}\n${columns([all, ...rows], [0, 1])}`;
  });
  return `${name}${about}\n${parts.join("")}`;
}

/** Total; its own, if there is something below; the name. */
function rowsOf(node: CostNode, kind: Kind, depth: number): string[][] {
  return node.children
    .filter(({ total }) => total[kind] > 0)
    .toSorted((a, b) => b.total[kind] - a.total[kind])
    .flatMap((child) => {
      const below = rowsOf(child, kind, depth + 1);
      const own = below.length === 0 ? "" : `itself ${grouped(child.own[kind])}`;
      return [[grouped(child.total[kind]), own, `${"  ".repeat(depth)}${child.name}`], ...below];
    });
}
