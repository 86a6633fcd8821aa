import { expect, test } from "vitest";
import { pageText } from "./page-text.ts";

test("a page of the manual on a terminal", () => {
  const page = `# E0101: Unknown option

A [link](x.md) and \`code\`
in ${"many ".repeat(20)}words.

\`\`\`appl
appl 1

let a = 1
\`\`\`

\`\`\`zone example.org.zone
@ SOA
\`\`\`
`;
  expect(pageText(page, (text) => `<${text}>`)).toBe(`<E0101: Unknown option>

A link and \`code\` in ${"many ".repeat(15).trim()}
${"many ".repeat(5)}words.

    appl 1

    let a = 1

    example.org.zone:
    @ SOA
`);
});
