/** A page of the manual for a terminal: lines of a readable length, examples indented, links by their text. */

const WIDTH = 96;

export function pageText(markdown: string, bold: (text: string) => string): string {
  const parts = markdown.trim().split(/^(```.*\n[\s\S]*?^```)$/m);
  return `${parts
    .map((part) => (part.startsWith("```") ? example(part) : prose(part, bold)))
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function example(block: string): string {
  const [first, ...lines] = block.split("\n");
  const name = /^```\w+ (\S+)$/.exec(first!)?.[1];
  const shown = lines.slice(0, -1).map((line) => (line === "" ? "" : `    ${line}`));
  return [...(name === undefined ? [] : [`    ${name}:`]), ...shown].join("\n");
}

function prose(text: string, bold: (text: string) => string): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const plain = paragraph.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1");
      const heading = /^#+ (.*)$/.exec(plain);
      if (heading) return bold(heading[1]!);
      // A list keeps its lines.
      return (/^[-|]/.test(plain) ? plain.split("\n") : [plain.replaceAll("\n", " ")])
        .map(wrapped)
        .join("\n");
    })
    .join("\n\n");
}

function wrapped(line: string): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current].join("\n");
}
