import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutComments } from "./source-text.ts";

const hole = (text: string) => `$\{${text}}`;

test("comments, indentation and empty lines are no part of a program", () => {
  const plain = `import { a } from "./a";\nexport function f(): i32 {\nreturn a + 1;\n}`;
  const written = `// what it is\n\nimport { a } from "./a"; // why\n\n\n/** f\n * adds */\nexport function f(): i32 {\n    return a /* the one */ + 1;\n}\n`;
  expect(withoutComments(written)).toBe(plain);
});

test("where a statement may end, the line ends", () => {
  expect(withoutComments("a\n(b)")).toBe("a\n(b)");
  expect(withoutComments("a /* \n */ (b)")).toBe("a\n(b)");
  expect(withoutComments("a (b)")).not.toBe(withoutComments("a\n(b)"));
});

test("strings and templates keep what looks like a comment", () => {
  for (const text of [
    '"// no comment"',
    "'/* none */'",
    '"\\" // still"',
    `\`  // ${hole(`a + \`/* ${hole("b")} */\``)} \n  x\``,
    `\`\\\` // ${hole(" {a: 1}.a ")} \``,
    "`$`",
  ])
    expect(withoutComments(`x = ${text};`)).toBe(`x = ${text};`);
  expect(withoutComments(`\`${hole(" /* gone */ a ")}\``)).toBe(`\`${hole(" a ")}\``);
});

test("any text is read to its end, and twice is as once", () => {
  const piece = fc.constantFrom("/*", "*/", "//", "`", "${", "}", "{", '"', "'", "\\", "\n", " ", "a", "$");
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join("")),
      (text) => {
        expect(withoutComments(withoutComments(text)).length).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});
