/**
 * Faulty programs, against the real libraries, boards and backends.
 *
 * `faulty/design/`: the twelve of the language's design. `eNN.appl` is the program as it was thought of, `eNN.txt` the ideal message, `eNN.real.appl`
 * the same lines with all that real interfaces require besides. It has to give the ideal message and nothing else, byte for byte; or, where that is not the
 * best, what stands in `eNN.ours.txt`. docs/language.md says why.
 *
 * `faulty/more/`: what users of other tools write. The first line says who writes it and why; `NAME.txt` is what they read.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Diagnostic, Edit } from "#lang";
import { checkReal } from "./real.ts";

const folder = (name: string) => new URL(`faulty/${name}/`, import.meta.url);
const read = (url: URL) => readFileSync(url, "utf8");

/** What programs may read besides. */
const files = {
  "ca.pem": "-----BEGIN CERTIFICATE-----\n",
  "site/index.html": "<p>",
  ...Object.fromEntries(Array.from({ length: 14 }, (_, n) => [`panel/${n}.html`, "x".repeat(14 * 1024)])),
};

function golden(file: URL, shown: string): void {
  if (process.env["BLESS"]) writeFileSync(file, shown);
  else expect(shown).toBe(read(file));
}

describe("the twelve faulty programs of the design", () => {
  const design = folder("design");
  const names = Array.from({ length: 12 }, (_, n) => `e${String(n + 1).padStart(2, "0")}`);

  test.each(names)("%s gives its message, and no other", (name) => {
    const at = (end: string) => new URL(`${name}${end}`, design);
    const { shown } = checkReal({ [`${name}.appl`]: read(at(".real.appl")), ...files });
    const ours = at(".ours.txt");
    if (existsSync(ours)) golden(ours, shown);
    else expect(shown).toBe(read(at(".txt")));
  });

  test.each(names.filter((name) => name !== "e10"))(
    "%s is refused as it was written, too, and only its own lines are spoken of",
    (name) => {
      const text = read(new URL(`${name}.appl`, design));
      const { diagnostics } = checkReal({ [`${name}.appl`]: text, ...files });
      expect(diagnostics.filter(({ severity }) => severity === "error")).not.toEqual([]);
      for (const { primary } of diagnostics) expect(primary.span.source).toBe(`${name}.appl`);
    },
  );

  test("only what the design could not know is told otherwise", () => {
    const ours = readdirSync(design).filter((file) => file.endsWith(".ours.txt"));
    for (const file of ours)
      expect(read(new URL(file, design))).not.toBe(read(new URL(file.replace(".ours", ""), design)));
  });
});

const more = folder("more");
const programs = readdirSync(more)
  .filter((file) => file.endsWith(".appl"))
  .sort()
  .map((file) => file.slice(0, -".appl".length));

describe("what users of other tools write", () => {
  test.each(programs)("%s", (name) => {
    const text = read(new URL(`${name}.appl`, more));
    expect(text).toMatch(/^# \w+: .*\.\n/);
    const { diagnostics, shown } = checkReal({ [`${name}.appl`]: text, ...files });
    expect(diagnostics).not.toEqual([]);
    golden(new URL(`${name}.txt`, more), shown);
  });

  test("one mistake gives one message, but for the few programs with two", () => {
    const several = programs.filter((name) => read(new URL(`${name}.txt`, more)).split(/^\w+\[/m).length > 2);
    expect(several).toEqual(twoMistakes);
  });

  test("most messages say what to write", () => {
    const helped = programs.filter((name) => /^ *= help/m.test(read(new URL(`${name}.txt`, more))));
    expect(helped.length / programs.length).toBeGreaterThan(0.8);
  });

  test.each(programs)("%s: where an editor can do what the help says, the mistake is gone", (name) => {
    const path = `${name}.appl`;
    const text = read(new URL(path, more));
    const { diagnostics } = checkReal({ [path]: text, ...files });
    for (const { code, helps } of diagnostics)
      for (const { edit } of helps) {
        if (!edit) continue;
        const after = checkReal({ [path]: edited(text, edit), ...files }).diagnostics;
        expect(countOf(code, after), `${code}: ${JSON.stringify(edit)}`).toBeLessThan(
          countOf(code, diagnostics),
        );
        expect(after.length, edited(text, edit)).toBeLessThanOrEqual(diagnostics.length);
      }
  });
});

/** Programs with more than one mistake, or with one in two places. */
const twoMistakes: readonly string[] = [
  "bind-zone-type-master",
  "caddy-directives-without-equals",
  "esphome-degrees-with-c",
  "esphome-signal-of-another-type",
  "esphome-threshold-without-unit",
  "nginx-variable-in-text",
  "terraform-variable",
  "use-with-semicolons-and-quotes",
];

const countOf = (code: string, among: readonly Diagnostic[]): number =>
  among.filter((it) => it.code === code).length;

const edited = (text: string, { span, text: put }: Edit): string =>
  text.slice(0, span.start) + put + text.slice(span.end);
