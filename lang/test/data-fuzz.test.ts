/** Files of data that somebody damaged, read into types by a whole description. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries, plain, renderAll, Sources } from "#lang";
import { someMachine } from "./libraries.ts";

const folder = new URL("data/", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), "utf8");

const lease =
  "{ name: HostLabel, mac: Mac, address: Ip4, ttl: Duration in 1s..1d = 1h, tags: Str? = none, port: Port? = none }";
const config = `{
  host: DomainName, hosts: List<DomainName>, net: Cidr, here: IfaceAddr, listen: SocketAddr, serial: auto | at(Int), other: auto | at(Int),
  action: accept | drop, days: Range<Weekday>, range: Range<Ip>, limit: Rate, ratio: Dec, temperature: TempDelta, percent: Percent in 0%..50%, size: Size,
  on: Bool, label: Str, text: Str where len(it) < 20, number: Str, version: Str, pair: (Int, Str), path: Regex, since: Date, at: Instant, hash: Hash,
  mixed: List<any | Cidr | Int>, aliases: Map<Str, Str>, by_ip: Map<Ip, Str>
}`;

const cases = [
  ["good.csv", `List<${lease}>`],
  ["good.csv", `Map<Str, { mac: Mac, address: Ip, ttl: Duration?, tags: Str?, port: Port? }>`],
  ["good.json", `List<${lease}>`],
  ["good.yaml", `List<${lease}>`],
  ["good.toml", `{ lease: List<${lease}> }`],
  ["config.yaml", config],
  ["good.json", config],
  ["config.yaml", "Map<Str, Secret<Str>>"],
] as const;

const piece = fc.constantFrom(
  '"',
  "'",
  ",",
  ":",
  "[",
  "]",
  "{",
  "}",
  "\n",
  "\t",
  " ",
  "-",
  "..",
  "/",
  "%",
  "null",
  "~",
  "1e9",
  "-1",
  "é",
  "\\",
  "#",
  "é",
  "e\u0301",
  "0x",
  "auto",
  "at",
  "none",
  "true",
  "$",
  "../../x",
  "&a",
  "*a",
  "!x",
  "=",
);

test.each(cases)("%s as %.30s…", (name, type) => {
  const text = textOf(name);
  const path = `data.${name.split(".").at(-1)}`;
  const at = fc.nat({ max: text.length });
  const edits = fc.array(fc.tuple(at, fc.nat({ max: 6 }), fc.option(piece, { nil: "" })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(edits, (all) => {
      let damaged = text;
      for (const [start, length, put] of all)
        damaged = damaged.slice(0, start) + put + damaged.slice(start + length);
      const files = new MemoryFiles({
        "t.appl": `appl 1\ntype T = ${type}\nlet it_all = data "./${path}" : T\nappliance a { assert it_all == it_all }\n`,
        [path]: damaged,
      });
      const { diagnostics } = configure({
        path: "t.appl",
        files,
        libraries: new MemoryLibraries({}),
        machines: someMachine,
      });
      for (const { primary, related } of diagnostics)
        for (const { span } of [primary, ...related]) {
          const length = span.source === path ? damaged.length : span.source === "t.appl" ? 10_000 : -1;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end, span.source).toBeLessThanOrEqual(length);
        }
      expect(renderAll(diagnostics, new Sources(files), plain)).not.toMatch(/BUG|undefined|NaN|\[object/);
    }),
    { numRuns: 80 },
  );
});
