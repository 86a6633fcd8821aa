import { expect, test } from "vitest";
import { examples } from "../test/syntax-files.ts";
import { outline } from "./outline.ts";
import { parse } from "./parse.ts";

function parsed(text: string) {
  const { items } = parse("t.appl", text).ast;
  const names = (kind: "appliance" | "target") =>
    items.flatMap((item) => (item.kind === kind ? [item.name.text] : []));
  return { appliances: names("appliance"), targets: names("target") };
}

test.each(examples)("$name: the same names as the parser finds", ({ text }) => {
  expect(outline(text)).toEqual(parsed(text));
});

test.each([
  ["in a comment", 'appl 1\n# """\nappliance a { }\n# """\n'],
  ["in a text of several lines", 'appl 1\nlet a = """\nappliance b { }\n"""\nappliance c { }\n'],
  ["behind a text with quotes", 'appl 1\nlet a = "\\"#"\nappliance c { let b = "${"x"}" }\ntarget t { }\n'],
  ["behind a pattern", 'appl 1\nlet a = r"#\\d"\nappliance c { }\n'],
  ["as the name of a setting", "appl 1\nappliance c {\n  target x { }\n  appliance = 1\n}\n"],
])("%s", (_, text) => {
  expect(outline(text)).toEqual(parsed(text));
});
