/** Sources without what does not reach a program: comments, indentation, empty lines. */

type Mode = "code" | "template";

/**
 * The text of a TypeScript source as far as it counts. Line breaks stay where code is on both sides of them, since they may end a statement;
 * strings and templates stay as they are.
 */
export function withoutComments(source: string): string {
  const out: string[] = [];
  const modes: { readonly mode: Mode; depth: number }[] = [{ mode: "code", depth: 0 }];
  let at = 0;
  let gap = "";
  const put = (text: string) => {
    if (out.length > 0) out.push(gap);
    gap = "";
    out.push(text);
  };
  const pass = (text: string) => {
    gap = gap === "\n" || text.includes("\n") ? "\n" : " ";
  };
  while (at < source.length) {
    const { mode, depth } = modes.at(-1)!;
    const rule = mode === "code" ? codeRule : templateRule;
    rule.lastIndex = at;
    const [text] = rule.exec(source)!;
    at += text.length;
    if (mode === "template") {
      // What is inside of a template is its own text, blanks too.
      out.push(text);
      if (text === "`") modes.pop();
      else if (text === "${") modes.push({ mode: "code", depth: 0 });
    } else if (/^\s|^\/\/|^\/\*/.test(text)) pass(text);
    else {
      put(text);
      if (text === "`") modes.push({ mode: "template", depth: 0 });
      else if (text === "{") modes.at(-1)!.depth = depth + 1;
      else if (text === "}" && (depth > 0 || modes.length === 1))
        modes.at(-1)!.depth = Math.max(0, depth - 1);
      else if (text === "}") modes.pop();
    }
  }
  return out.join("");
}

/** Blank space, comments, strings (as far as they go on the line), anything else word by word or sign by sign. */
const codeRule = /\s+|\/\/[^\n]*|\/\*.*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|[\w$]+|./sy;
const templateRule = /\$\{|`|(?:\\.|\$(?!\{)|[^`\\$])+|./sy;
