import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MemoryFiles } from "../source/files.ts";
import { Sources } from "../source/sources.ts";
import type { Diagnostic, Help } from "./diagnostic.ts";
import { toJson } from "./json.ts";
import { inOrder } from "./order.ts";
import { plain, render, renderAll } from "./render.ts";

const folder = new URL("../test/faulty/design/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

/** A diagnostic whose places are the first occurrences of the given texts. */
function made(
  file: string,
  text: string,
  [code, headline]: readonly [string, string],
  [cause, label]: readonly [string, string],
  rest: {
    related?: readonly (readonly [string, string])[];
    helps?: readonly (string | Help)[];
    notes?: readonly string[];
    masked?: string;
  },
): Diagnostic {
  const span = (it: string) => {
    const start = text.indexOf(it);
    if (start < 0) throw new Error(`${it} is not in ${file}`);
    return { source: file, start, end: start + it.length };
  };
  return {
    code,
    severity: "error",
    text: headline,
    primary: { span: span(cause), text: label },
    related: (rest.related ?? []).map(([it, said]) => ({ span: span(it), text: said })),
    helps: (rest.helps ?? []).map((help) => (typeof help === "string" ? { text: help } : help)),
    notes: rest.notes ?? [],
    ...(rest.masked && { masked: [span(rest.masked)] }),
  };
}

type Made = Parameters<typeof made>;
const ideal: Readonly<Record<string, readonly [Made[2], Made[3], Made[4]]>> = {
  e01: [
    ["E0101", "`net` has no option `adress`"],
    ["adress", "not an option of `net`"],
    {
      helps: ["did you mean `address`?"],
      notes: ["options of `net`: address, gateway, port, mtu, vlan, dns   (appl doc std/net)"],
    },
  ],
  e02: [
    ["E0204", "`10.20.0.1/22` is one machine's address, but `source` wants a whole network"],
    ["10.20.0.1/22", "the last 10 bits are not zero"],
    {
      helps: ["the network that contains it is `10.20.0.0/22`"],
      notes: ["`source : any | Cidr | List<Cidr>` is declared at std/firewall.appl:31:10"],
    },
  ],
  e04: [
    ["E0310", "`passphrase` is a Secret, and a secret may not be written in the description"],
    ['"tomatoes1"', "this text would be stored in the image, the cache and the lock"],
    {
      helps: [
        'declare it once and say where the device gets it:\nsecret psk : wifi.Passphrase from boot "wifi/psk"\n... passphrase = psk',
      ],
      notes: [
        "this text has now been in a source file: change the passphrase",
        "the text is masked here, in logs and in JSON diagnostics",
      ],
      masked: "tomatoes1",
    },
  ],
  e05: [
    ["E0402", "`dns.rate` is given two different values"],
    ["rate = 500/s", "500/s here, by `include busy` (line 8)"],
    {
      related: [["rate = 50/s", "50/s here, by `include hardened` (line 7)"]],
      helps: [
        "decide in the appliance:  override dns { rate = 500/s }",
        "or let `hardened` give way:  default rate = 50/s",
      ],
      notes: ["appl explain ns1 dns.rate   lists every definition and its rank"],
    },
  ],
  e11: [
    ["E0721", "`www.example.com` is both a host and an alias"],
    ["alias www", "an alias (CNAME) may not stand beside other records (RFC 1034 3.6.2)"],
    { related: [['host "www"', "has records of its own here"]], helps: ["remove one of the two"] },
  ],
  e12: [
    ["E0405", "`when` may not look at settings"],
    [
      "tunnel.limits.connections",
      "this is the result of the description, not known while it is being put together",
    ],
    {
      helps: ["`when` may use params, lets and `target`; make the limit a param:\nparam big : Bool = false"],
      notes: ["this rule is why resolving modules always terminates"],
    },
  ],
};

describe("shows the ideal text of", () => {
  for (const [name, [headline, cause, rest]] of Object.entries(ideal))
    test(name, () => {
      const file = `${name}.appl`;
      const text = read(file);
      const sources = new Sources(new MemoryFiles({ [file]: text }));
      expect(render(made(file, text, headline, cause, rest), sources)).toBe(read(`${name}.txt`));
    });
});

/** Renders one mark on `cause` in `text`. */
function shown(text: string, cause: string, rest: Made[4] = {}): string {
  return render(
    made("t", text, ["E0001", "wrong"], [cause, "here"], rest),
    new Sources(new MemoryFiles({ t: text })),
  );
}

test("line numbers of several digits make the margin wider", () => {
  const text = `${"\n".repeat(8)}one\ntwo\n\n\nfive\n`;
  expect(
    shown(text, "two", {
      related: [
        ["one", "related"],
        ["five", "far"],
      ],
      notes: ["a note\nwith a second line"],
    }),
  ).toBe(
    `error[E0001]: wrong
   --> t:10:1
   |
 9 | one
   | --- related
10 | two
   | ^^^ here
...
13 | five
   | ---- far
   |
   = note: a note
     with a second line
`,
  );
});

test("one line between two marks is shown, more are not", () => {
  const shownLines = shown("a\nb\nc\nd\ne\nf", "a", {
    related: [
      ["c", ""],
      ["f", ""],
    ],
  });
  expect(shownLines.split("\n").map((line) => line.slice(0, 5))).toEqual([
    "error",
    "  -->",
    "  |",
    "1 | a",
    "  | ^",
    "2 | b",
    "3 | c",
    "  | -",
    "...",
    "6 | f",
    "  | -",
    "",
  ]);
});

test("tabs, wide and combining characters move the caret as a terminal moves them", () => {
  const carets = (text: string, cause: string) => shown(text, cause).split("\n").slice(3, 5);
  expect(carets("\ta = xyz", "xyz")).toEqual(["1 |     a = xyz", "  |         ^^^ here"]);
  expect(carets("ab\tx", "x")).toEqual(["1 | ab  x", "  |     ^ here"]);
  expect(carets('"日本" x', "x")).toEqual(['1 | "日本" x', "  |        ^ here"]);
  expect(carets('"日本" x', "本")).toEqual(['1 | "日本" x', "  |    ^^ here"]);
  expect(carets('"😀" x', "x")).toEqual(['1 | "😀" x', "  |      ^ here"]);
  expect(carets('"e\u0301" x', "x")).toEqual(['1 | "e\u0301" x', "  |     ^ here"]);
  expect(carets('"\u001b[2J" x', "x")).toEqual(['1 | "\ufffd[2J" x', "  |        ^ here"]);
});

test("columns count characters, whatever their width", () => {
  expect(shown('"日😀" x', "x").split("\n")[1]).toBe("  --> t:1:6");
});

test("a place at the end of a line, or over several lines, has a caret on its first line", () => {
  const at = (start: number, end: number): Diagnostic => ({
    ...made("t", "ab\ncd", ["E0001", "wrong"], ["ab", "here"], {}),
    primary: { span: { source: "t", start, end }, text: "here" },
  });
  const sources = new Sources(new MemoryFiles({ t: "ab\ncd" }));
  expect(render(at(2, 2), sources)).toContain("1 | ab\n  |   ^ here\n");
  expect(render(at(1, 5), sources)).toContain("1 | ab\n  |  ^ here\n");
  expect(render(at(5, 5), sources)).toContain("2 | cd\n  |   ^ here\n");
});

test("of a very long line only the part around the mark is shown", () => {
  const lines = shown(`${"a".repeat(500)}X${"b".repeat(500)}`, "X").split("\n");
  expect(lines[3]!.length).toBeLessThan(180);
  expect(lines[3]).toContain("aXb");
  expect(lines[4]!.indexOf("^")).toBe(lines[3]!.indexOf("X"));
});

test("places in other files come in sections of their own", () => {
  const sources = new Sources(new MemoryFiles({ a: "one", b: "two" }));
  const diagnostic: Diagnostic = {
    ...made("a", "one", ["E0001", "wrong"], ["one", "here"], {}),
    related: [{ span: { source: "b", start: 0, end: 3 }, text: "there" }],
  };
  expect(render(diagnostic, sources)).toBe(
    `error[E0001]: wrong
 --> a:1:1
  |
1 | one
  | ^^^ here
  |
  ::: b:1:1
  |
1 | two
  | --- there
`.replace(" --> a", "  --> a"),
  );
});

test("a file that cannot be read is named without an excerpt", () => {
  expect(shown("x", "x").split("\n")).toHaveLength(6);
  const nowhere = made("t", "x", ["E0001", "wrong"], ["x", "here"], {});
  expect(render(nowhere, new Sources(new MemoryFiles({})))).toBe("error[E0001]: wrong\n  --> t\n");
});

test("a palette dresses the parts and leaves the layout", () => {
  const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const palette = {
    error: mark("e"),
    warning: mark("w"),
    headline: mark("b"),
    frame: mark("f"),
    related: mark("r"),
    help: mark("h"),
  };
  const text = read("e05.appl");
  const diagnostic = made("e05.appl", text, ...ideal["e05"]!);
  const sources = new Sources(new MemoryFiles({ "e05.appl": text }));
  const dressed = render(diagnostic, sources, palette);
  expect(dressed).toContain("<e>error[E0402]</e><b>: `dns.rate`");
  expect(dressed.replace(/<\/?[a-z]>/g, "")).toBe(render(diagnostic, sources, plain));
});

test("twenty errors are shown, and how many more there are", () => {
  const text = "x ".repeat(30);
  const all = Array.from(
    { length: 30 },
    (_, n): Diagnostic => ({
      ...made("t", text, ["E0001", `wrong ${n}`], ["x", ""], {}),
      severity: n === 29 ? "warning" : "error",
    }),
  );
  const out = renderAll(all, new Sources(new MemoryFiles({ t: text })));
  expect(out.match(/^error\[/gm)).toHaveLength(20);
  expect(out.match(/^warning\[/gm)).toHaveLength(1);
  expect(out).toMatch(/\nerror: 9 more errors, not shown\n$/);
});

test("diagnostics are put in order of place, and said once", () => {
  const text = "a b c";
  const one = (file: string, cause: string) => made(file, text, ["E0001", "wrong"], [cause, ""], {});
  const ordered = inOrder([one("y", "b"), one("x", "c"), one("y", "a"), one("y", "b")]);
  expect(ordered.map(({ primary: { span } }) => `${span.source}${span.start}`)).toEqual(["y0", "y2", "x4"]);
});

test("as data, a diagnostic has lines, columns and edits", () => {
  const text = "one\ntwo";
  const edit = { span: { source: "t", start: 4, end: 7 }, text: "2" };
  const diagnostic = made("t", text, ["E0001", "wrong"], ["two", "here"], {
    helps: [{ text: "write 2", edit }, "or not"],
  });
  expect(toJson(diagnostic, new Sources(new MemoryFiles({ t: text })))).toEqual({
    code: "E0001",
    severity: "error",
    text: "wrong",
    primary: {
      file: "t",
      start: { offset: 4, line: 2, column: 1 },
      end: { offset: 7, line: 2, column: 4 },
      label: "here",
    },
    related: [],
    helps: [
      {
        text: "write 2",
        edit: {
          file: "t",
          start: { offset: 4, line: 2, column: 1 },
          end: { offset: 7, line: 2, column: 4 },
          replacement: "2",
          safe: false,
        },
      },
      { text: "or not" },
    ],
    notes: [],
  });
});
