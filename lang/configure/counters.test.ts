import { expect, test } from "vitest";
import {
  type Configured,
  configure,
  type Day,
  MemoryFiles,
  MemoryLibraries,
  type Value,
  writeLock,
} from "#lang";
import { someMachine } from "../test/libraries.ts";

const libraries = new MemoryLibraries({
  "std/names": `appl 1
library std/names
type Serial = auto | at(Int in 0..4294967295)
block Soa { option serial : Serial counted = auto  option retry : Duration = 1h }
block Zone : Str {
  option ttl : Duration = 1h
  option text : List<Str> merge append = []
  option data : File? = none
  one soa : Soa
}
module names { blocks zone : Zone  option serial : Serial counted = at(1)  check len(zone) < 9 }
`,
});

interface Given {
  readonly lock?: string | undefined;
  readonly day?: Day;
  readonly locked?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

function configured(zones: string, { lock, files = {}, ...given }: Given = {}): Configured {
  const text = `appl 1\nuse std/names\nappliance ns1 { names { ${zones} } }\n`;
  const all = { ...files, "ns1.appl": text, ...(lock === undefined ? {} : { "appl.lock": lock }) };
  return configure({
    path: "ns1.appl",
    files: new MemoryFiles(all),
    libraries,
    machines: someMachine,
    ...given,
  });
}

const lockOf = ({ counters }: Configured): string => writeLock(counters.map(({ line }) => line));
const first: Day = [2026, 11, 21];
const later: Day = [2026, 11, 22];
const zone = `zone "a.example" { soa {} text = ["x"] }`;

/** The number that the code would see. */
function serial({ configurations }: Configured, label = "a.example"): bigint | undefined {
  const names = configurations[0]?.modules[0]?.instances[0]?.config.fields.get("zone");
  const entries = names?.kind === "map" ? [...names.entries.values()] : [];
  const found = entries.find(({ key }) => key.kind === "str" && key.value === label)?.value;
  const value = path(found, "soa", "serial");
  return value?.kind === "tagged" && value.tag === "at" && value.payload?.kind === "int"
    ? value.payload.value
    : undefined;
}

const path = (value: Value | undefined, ...names: string[]): Value | undefined =>
  names.reduce<Value | undefined>(
    (it, name) => (it?.kind === "record" ? it.fields.get(name) : undefined),
    value,
  );

test("the first number is the day's, and is named by the appliance and the label", () => {
  const found = configured(zone, { day: first });
  expect(serial(found)).toBe(2026112100n);
  expect(found.counters).toMatchObject([
    { line: { name: "serial/ns1/a.example", number: 2026112100 }, changed: true },
  ]);
});

test("with its line in the lock the number stays, whatever the day", () => {
  const lock = lockOf(configured(zone, { day: first }));
  for (const given of [{ lock }, { lock, day: later }, { lock, day: later, locked: true }]) {
    const found = configured(zone, given);
    expect(serial(found)).toBe(2026112100n);
    expect(found.counters.map(({ changed }) => changed)).toEqual([false]);
  }
});

test.each([
  ["a setting of the block around", `zone "a.example" { soa {} text = ["y"] }`],
  ["a setting beside it", `zone "a.example" { soa { retry = 2h } text = ["x"] }`],
  ["an option that had its default", `zone "a.example" { soa {} ttl = 2h text = ["x"] }`],
])("it counts when %s changes", (_, changed) => {
  const lock = lockOf(configured(zone, { day: first }));
  expect(serial(configured(changed, { lock, day: first }))).toBe(2026112101n);
  expect(serial(configured(changed, { lock, day: later }))).toBe(2026112200n);
});

test("it counts when the content of a file changes, and not when the file is moved", () => {
  const text = (name: string) => `zone "a.example" { soa {} data = file "./${name}" }`;
  const lock = lockOf(configured(text("one"), { day: first, files: { one: "x" } }));
  expect(serial(configured(text("two"), { lock, day: later, files: { two: "x" } }))).toBe(2026112100n);
  expect(serial(configured(text("one"), { lock, day: later, files: { one: "y" } }))).toBe(2026112200n);
});

test("what means the same does not count: order, notation, a default that is written out, another zone", () => {
  const lock = lockOf(configured(zone, { day: first }));
  const same = `zone "a.example" { ttl = 60min; text = ["x"]; soa { serial = auto } }\nzone "b.example" { soa {} }`;
  const found = configured(same, { lock, day: later });
  expect(serial(found)).toBe(2026112100n);
  expect(serial(found, "b.example")).toBe(2026112200n);
});

test("a number that is written out is nobody's business but the user's", () => {
  const found = configured(`zone "a.example" { soa { serial = at(7) } }`, { day: first });
  expect(serial(found)).toBe(7n);
  expect(found.counters).toEqual([]);
});

test("without a day nothing counts: the number stays, and the change is told", () => {
  const lock = lockOf(configured(zone, { day: first }));
  const found = configured(`zone "a.example" { soa {} }`, { lock });
  expect(serial(found)).toBe(2026112100n);
  expect(found.counters).toMatchObject([{ changed: true, before: { number: 2026112100 } }]);
  expect(configured(zone).configurations[0]).toBeDefined();
});

test("locked, a change and a missing line are errors", () => {
  const lock = lockOf(configured(zone, { day: first }));
  const codes = ({ diagnostics }: Configured) => diagnostics.map(({ code, text }) => `${code} ${text}`);
  expect(codes(configured(`zone "a.example" { soa {} }`, { lock, locked: true }))).toEqual([
    "E0162 what `serial/ns1/a.example` counts has changed since 2026112100, and `--locked` does not count on",
  ]);
  expect(codes(configured(zone, { locked: true }))).toEqual([
    "E0162 the lock has no line `serial/ns1/a.example`, and `--locked` makes none",
  ]);
});

test("a block without a label is called by the appliance alone", () => {
  const { counters } = configured(`serial = auto`, { day: first });
  expect(counters.map(({ line }) => line.name)).toEqual(["serial/ns1"]);
});

test("two that would have one name are told apart by the user", () => {
  const two = new MemoryLibraries({
    "std/names": `appl 1
library std/names
type Serial = auto | at(Int)
block Zone : Str { option one : Serial counted = auto  option two : Serial counted = auto }
module names { blocks zone : Zone }
`,
  });
  const text = `appl 1\nuse std/names\nappliance ns1 { names { zone "a" {} } }\n`;
  const { diagnostics } = configure({
    path: "t",
    files: new MemoryFiles({ t: text }),
    libraries: two,
    machines: someMachine,
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["E0163"]);
});

test("a broken lock is an error of its own", () => {
  const { diagnostics, configurations } = configured(zone, { lock: "appl-lock 9\n", day: first });
  expect(configurations).toEqual([]);
  expect(diagnostics.map(({ code, primary }) => [code, primary.span.source])).toEqual([
    ["E0151", "appl.lock"],
  ]);
});

test("only a word or a number can be counted", () => {
  const wrong = [
    "Int",
    "auto | at(Str)",
    "auto | at(Int) | none",
    "auto | never | at(Int)",
    "at(Int) | to(Int)",
  ];
  for (const type of wrong) {
    const text = `appl 1\nlibrary std/x\ntype T = ${type}\nmodule x { option n : T counted }\n`;
    const { diagnostics } = configure({
      path: "t",
      files: new MemoryFiles({ t: "appl 1\nuse std/x\nappliance a { }\n" }),
      libraries: new MemoryLibraries({ "std/x": text }),
      machines: someMachine,
    });
    expect(
      diagnostics.map(({ code }) => code),
      type,
    ).toContain("E0219");
  }
});
