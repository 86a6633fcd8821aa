/** Makes a text of nested parentheses smaller while it stays interesting. For WebAssembly that shows a fault of the code generator. */

type Node = string | readonly Node[];

/** How many variants are asked about at once. */
const BATCH = 24;
const zero = (type: string): Node => [`${type}.const`, "0"];

/** What may stand in the place of an expression: by its name, nothing or a zero of its type. */
function simpler(node: readonly Node[]): Node[] {
  const [name] = node;
  if (typeof name !== "string" || name.endsWith(".const") || name === "nop") return [];
  const result = node.find((child) => typeof child !== "string" && child[0] === "result");
  if (result !== undefined) return [zero(String(result[1]))];
  if (
    /^(block|loop|if|call|call_indirect|br|br_if|br_table|return)$/.test(name) ||
    /\.(set|store)/.test(name)
  )
    return [["nop"]];
  if (/\.(eqz?|ne|[lg][te](_[su])?)$/.test(name)) return [zero("i32")];
  const [, type] = /^([if](?:32|64))\./.exec(name) ?? [];
  return type === undefined ? ["i32", "i64"].map(zero) : [zero(type)];
}

/**
 * The smallest text that is found as long as `more`. `first` gives the place of the first interesting one of some texts, or -1.
 */
export function reduce(
  text: string,
  first: (texts: readonly string[]) => number,
  more: () => boolean,
): string {
  let tree = parse(text);
  for (let before = ""; before !== print(tree); ) {
    before = print(tree);
    for (let at = 0; more(); ) {
      const [variants, next] = take(tree, at);
      if (variants.length === 0) break;
      const found = first(variants.map((variant) => print(variant)));
      if (found === -1) at = next;
      else tree = variants[found]!;
    }
  }
  return print(tree);
}

/** The next variants from node `at` on, and where those after them begin. */
function take(tree: Node, at: number): [variants: Node[], next: number] {
  const paths = pathsOf(tree);
  const variants: Node[] = [];
  let n = at;
  for (; n < paths.length && variants.length < BATCH; n++) variants.push(...variantsAt(tree, paths[n]!));
  return [variants, n];
}

/** Of all lists but the whole, the longest first. */
function pathsOf(tree: Node): number[][] {
  const found: { path: number[]; size: number }[] = [];
  const visit = (node: Node, path: number[]): number => {
    if (typeof node === "string") return 1;
    const size = node.reduce<number>((sum, child, n) => sum + visit(child, [...path, n]), 1);
    if (path.length > 0) found.push({ path, size });
    return size;
  };
  visit(tree, []);
  return found.toSorted((a, b) => b.size - a.size).map(({ path }) => path);
}

function variantsAt(tree: Node, path: readonly number[]): Node[] {
  const node = path.reduce<Node>((at, index) => at[index]!, tree) as readonly Node[];
  const children = node.filter((child) => typeof child !== "string");
  return [undefined, ...simpler(node), ...children].map((instead) => replaced(tree, path, instead));
}

function replaced(node: Node, [index, ...rest]: readonly number[], instead: Node | undefined): Node {
  if (index === undefined) return instead!;
  const list = node as readonly Node[];
  if (rest.length === 0 && instead === undefined) return list.filter((_, n) => n !== index);
  return list.map((child, n) => (n === index ? replaced(child, rest, instead) : child));
}

function parse(text: string): Node {
  const stack: Node[][] = [[]];
  for (const [token] of text.matchAll(/;;.*|"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g)) {
    if (token.startsWith(";;")) continue;
    if (token === "(") stack.push([]);
    else if (token === ")") {
      const list = stack.pop()!;
      stack.at(-1)!.push(list);
    } else stack.at(-1)!.push(token);
  }
  return stack[0]![0]!;
}

function print(node: Node, depth = 0): string {
  if (typeof node === "string") return node;
  const flat = `(${node.map((child) => print(child)).join(" ")})`;
  if (flat.length < 100) return flat;
  const indent = `\n${" ".repeat(depth + 1)}`;
  return `(${node.map((child) => print(child, depth + 1)).join(indent)})`;
}
