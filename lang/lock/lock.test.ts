import fc from "fast-check";
import { expect, test } from "vitest";
import { renderAll } from "../diagnostics/render.ts";
import { MemoryFiles } from "../source/files.ts";
import { Sources } from "../source/sources.ts";
import { escapeLabel, type LockDigest, type LockLine, writeLock } from "./lock.ts";
import { parseLock, withBothSides } from "./parse.ts";
import { isAhead, nextSerial } from "./serial.ts";
import { parseSource, printSource, type Source } from "./source.ts";

const hash = (digit: string): LockDigest => `sha256:${digit.repeat(64)}`;
const commit = "8d1f".repeat(10);
const sample = `appl-lock 1
board/esp32_c3  7  ${hash("5")}
pkg/acme/geo  1.2.0  ${hash("9")}  git+https://git.example/acme/geo?rev=${commit}
pkg/acme/work  -  -  path:../work
serial/ns1/example.com  2026112103  ${hash("7")}
std  0.4.1  ${hash("0")}
`;

const read = (text: string | Uint8Array) => parseLock("appl.lock", text);
const rendered = (text: string): string =>
  renderAll(read(text).diagnostics, new Sources(new MemoryFiles({ "appl.lock": text })));

test("each line says what it is", () => {
  const { lock, diagnostics, spans } = read(sample);
  expect(diagnostics).toEqual([]);
  expect([...lock.values()].map(({ kind, name }) => [kind, name])).toEqual([
    ["library", "board/esp32_c3"],
    ["package", "pkg/acme/geo"],
    ["package", "pkg/acme/work"],
    ["counter", "serial/ns1/example.com"],
    ["library", "std"],
  ]);
  expect(lock.get("serial/ns1/example.com")).toMatchObject({ number: 2026112103, digest: hash("7") });
  const { start, end } = spans.get("pkg/acme/work")!;
  expect(sample.slice(start, end)).toBe("pkg/acme/work  -  -  path:../work");
});

test("what is written has one form: sorted, one entry a line", () => {
  expect(writeLock([...read(sample).lock.values()].toReversed())).toBe(sample);
});

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex): LockDigest => `sha256:${hex}`);
const version = fc.stringMatching(/^[0-9A-Za-z.+_-]{1,12}$/);
const ref = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_+-]{0,8}$/);
const gitSource: fc.Arbitrary<Source> = fc.record({
  kind: fc.constant("git" as const),
  url: fc
    .tuple(fc.constantFrom("https", "ssh", "file"), name)
    .map(([scheme, host]) => `${scheme}:///${host}/x`),
  ref: fc.option(ref, { nil: undefined }),
  commit: fc.stringMatching(/^[0-9a-f]{40}$/),
});
const line: fc.Arbitrary<LockLine> = fc.oneof(
  fc.record({
    kind: fc.constant("library" as const),
    name: fc.oneof(
      fc.constant("std"),
      name.map((it) => `board/${it}`),
    ),
    version,
    digest,
  }),
  fc.record({
    kind: fc.constant("package" as const),
    name: fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => ["pkg", ...segments].join("/")),
    version,
    digest,
    source: fc.oneof(
      gitSource,
      name.map((it): Source => ({ kind: "archive", url: `https://example.org/${it}.tar.gz` })),
    ),
  }),
  fc.record({
    kind: fc.constant("package" as const),
    name: name.map((it) => `pkg/${it}`),
    version: fc.constant("-"),
    digest: fc.constant(undefined),
    source: fc.stringMatching(/^[a-z.][a-z./]{0,9}$/).map((path): Source => ({ kind: "path", path })),
  }),
  fc.record({
    kind: fc.constant("counter" as const),
    name: fc
      .tuple(name, fc.string({ unit: "grapheme", minLength: 1, maxLength: 9 }))
      .map(([appliance, label]) => `serial/${appliance}/${escapeLabel(label)}`),
    number: fc.nat(0xffffffff),
    digest,
  }),
);

test("what is written is read again", () => {
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: (it) => it.name, maxLength: 12 }), (lines) => {
      const { lock, diagnostics } = read(writeLock(lines));
      expect(diagnostics).toEqual([]);
      expect(new Map(lines.map((it) => [it.name, it]))).toEqual(new Map(lock));
      expect(writeLock(lock.values())).toBe(writeLock(lines));
    }),
  );
});

test("lines may end as an editor ends them, and stand in any order", () => {
  const [heading, ...lines] = sample.trimEnd().split("\n");
  const other = `\ufeff${[heading, ...lines.toReversed(), "", "  "].join("\r\n")}`;
  expect(writeLock(read(new TextEncoder().encode(other)).lock.values())).toBe(sample);
});

test("two branches that count different zones merge line by line", () => {
  const lock = (a: number, b: number): string[] =>
    `appl-lock 1\nserial/ns1/a.example  ${a}  ${hash("a")}\nserial/ns1/b.example  ${b}  ${hash("b")}\n`.split(
      "\n",
    );
  const [base, ours, theirs] = [lock(1, 1), lock(2, 1), lock(1, 2)];
  const merged = base.map((it, at) => (ours[at] === it ? theirs[at] : ours[at])).join("\n");
  expect(merged).toBe(lock(2, 2).join("\n"));
  expect(read(merged).diagnostics).toEqual([]);
});

test("of two numbers for one name the later one holds, around the end of 32 bits, too", () => {
  const lines = (...numbers: readonly [number, string][]) =>
    `appl-lock 1\n${numbers.map(([number, digit]) => `serial/a/z  ${number}  ${hash(digit)}\n`).join("")}`;
  const kept = (text: string) => read(text).lock.get("serial/a/z");
  expect(kept(lines([2, "a"], [3, "b"], [1, "c"]))).toMatchObject({ number: 3, digest: hash("b") });
  expect(kept(lines([0xffffffff, "a"], [1, "b"]))).toMatchObject({ number: 1 });
  expect(kept(lines([2, "a"], [2, "a"]))).toMatchObject({ number: 2, digest: hash("a") });
  expect(kept(lines([2, "a"], [2, "b"]))).toMatchObject({ number: 2, digest: hash("0") });
});

test("an unfinished merge can be read with the lines of both sides", () => {
  const text = `appl-lock 1\n<<<<<<< HEAD\na 1\nb 0\n||||||| base\na 0\nb 0\n=======\na 0\nb 1\n>>>>>>> other\nc\n`;
  expect(withBothSides(text)).toBe("appl-lock 1\na 1\nb 0\na 0\nb 1\nc\n");
});

test("an unfinished merge is seen as one, whatever else is in the file", () => {
  const text = sample
    .replace("serial/", "<<<<<<< HEAD\nserial/")
    .replace("std ", "=======\nserial/ns1/example.com  2026112104  x\n>>>>>>> branch\nstd ");
  expect(rendered(text)).toMatchInlineSnapshot(`
    "error[E0152]: \`appl.lock\` has the marks of a merge that was not finished
      --> appl.lock:5:1
      |
    5 | <<<<<<< HEAD
      | ^^^^^^^^^^^^ both sides changed the lines that follow
      |
      = help: \`appl lock\` takes the lines of both sides, counts the serials on that need it, and says where a choice is needed
    "
  `);
});

test("the lock of a newer version is not guessed at", () => {
  expect(rendered("appl-lock 2\nanything else\n")).toMatchInlineSnapshot(`
    "error[E0151]: this lock is of edition 2, which this version of appl does not know
      --> appl.lock:1:1
      |
    1 | appl-lock 2
      | ^^^^^^^^^^^ known here: 1
      |
      = help: use the version of appl that wrote it, or a newer one
    "
  `);
});

test.each(["", "hello", "appl-lock", "appl-lock 0", "appl 1\n", `std 1 ${hash("0")}`])(
  "%j is no lock",
  (text) => {
    expect(read(text).diagnostics.map(({ code }) => code)).toEqual(["E0150"]);
  },
);

test("a line that cannot be read is shown with the reason; the others count", () => {
  const text = `appl-lock 1
# a comment
pkgs/acme/geo  1.2.0  ${hash("9")}
pkg/Acme/geo  1.2.0  ${hash("9")}  path:x
pkg/acme/geo  1.2.0  ${hash("9")}
pkg/acme/geo  1.2.0  ${hash("9")}  git+https://git.example/geo?rev=v1
pkg/acme/geo  1.2.0  ${hash("9")}  http://git.example/geo.tar.gz
pkg/acme/geo  1.2.0  -  https://git.example/geo.tar.gz
pkg/acme/geo  -  ${hash("9")}  path:../geo
serial/ns1/a  4294967296  ${hash("9")}
serial/ns1/a  -1  ${hash("9")}
serial/ns1/a  1  sha256:12
std  0.4.1  ${hash("0")}
std  0.4.1  ${hash("0")}
`;
  expect([...read(text).lock.keys()]).toEqual(["std"]);
  expect(read(text).diagnostics.map(({ code, primary }) => `${code} ${primary.text}`)).toMatchInlineSnapshot(`
    [
      "E0153 a lock has no comments: it is written by \`appl\`",
      "E0153 lines begin with \`std\`, \`board/…\`, \`pkg/…\` or \`serial/…\`",
      "E0153 a package is called \`pkg/OWNER/NAME\`, in lower case",
      "E0153 the line is \`pkg/acme/geo VERSION sha256:… SOURCE\`",
      "E0153 the source does not say which commit: \`?rev=…\`",
      "E0153 \`http://git.example/geo.tar.gz\` is no source: it is not encrypted: write \`https://\`",
      "E0153 only \`path:\` may do without a digest",
      "E0153 what \`path:\` leads to is in work and has no digest: write \`-\`",
      "E0153 \`4294967296\` is no number below 4294967296",
      "E0153 \`-1\` is no number below 4294967296",
      "E0153 \`sha256:12\` is no digest: \`sha256:\` and 64 hexadecimal digits in lower case",
      "E0154 again here",
    ]
  `);
});

test("no text makes it throw, and every place is inside of the text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "appl-lock 1",
      "appl-lock",
      "\n",
      "\r",
      " ",
      "std",
      "pkg/",
      "serial/",
      "board/x",
      "-",
      "sha256:",
      hash("a"),
      "git+https://h/x?rev=",
      "path:",
      "<<<<<<< ",
      "%",
      "\0",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join("")),
    fc.array(piece, { maxLength: 20 }).map((pieces) => `appl-lock 1\n${pieces.join("")}`),
    fc
      .tuple(fc.nat(sample.length), fc.nat(9), fc.string({ maxLength: 3 }))
      .map(([at, cut, put]) => sample.slice(0, at) + put + sample.slice(at + cut)),
  );
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 200 })), (text) => {
      const { lock, diagnostics } = read(text);
      for (const { primary } of diagnostics) {
        expect(primary.span.start).toBeLessThanOrEqual(primary.span.end);
        expect(primary.span.end).toBeLessThanOrEqual(Math.max(text.length, 0));
      }
      expect(read(writeLock(lock.values())).lock).toEqual(lock);
    }),
    { numRuns: 2000 },
  );
});

test("a source is asked for as people write it, and known by its commit", () => {
  const asked = parseSource("git+https://git.example/geo?rev=v1.2.0");
  expect(asked).toEqual({ kind: "git", url: "https://git.example/geo", ref: "v1.2.0", commit: undefined });
  const known = parseSource(`git+https://git.example/geo?ref=v1.2.0&rev=${commit}`) as Source;
  expect(known).toEqual({ ...asked, commit });
  expect(printSource(known)).toBe(`git+https://git.example/geo?ref=v1.2.0&rev=${commit}`);
});

test.each([
  "",
  "geo",
  "git+http://h/x",
  "git+https://",
  "git+https://h/x?rev=--upload-pack=x",
  "git+https://h/x?rev=a..b",
  "git+https://h/x?rev=a&rev=b",
  "git+https://h/x?branch=a",
  "git+ext::sh -c x",
  "https://h/x.zip",
  "https://h/x.tar.gz#y",
  "path:",
  "path:/etc",
  "path:C:/x",
  "path:a b",
  "path:..\\geo",
])("%j is no source", (text) => {
  expect(parseSource(text)).toHaveProperty("reason");
});

test("a serial is the day if that is ahead, else one more", () => {
  const today = [2026, 11, 21] as const;
  expect(nextSerial(undefined, today)).toBe(2026112100);
  expect(nextSerial(2026112099, [2026, 11, 22])).toBe(2026112200);
  expect(nextSerial(2026112100, today)).toBe(2026112101);
  expect(nextSerial(2026112199, today)).toBe(2026112200);
  expect(nextSerial(2027010100, today)).toBe(2027010101);
  expect(nextSerial(1, today)).toBe(2026112100);
});

test("a serial always grows, around the end of its 32 bits, too", () => {
  expect(nextSerial(0xffffffff, [2026, 1, 1])).toBe(2026010100);
  expect(nextSerial(0xffffffff, [4294, 96, 73])).toBe(1);
  fc.assert(
    fc.property(
      fc.nat(0xffffffff),
      fc.integer({ min: 2020, max: 4500 }),
      fc.integer({ min: 1, max: 12 }),
      (before, year, month) => {
        const next = nextSerial(before, [year, month, 28]);
        expect(isAhead(next, before)).toBe(true);
        expect(next).toBeGreaterThan(0);
        expect(next).toBeLessThan(2 ** 32);
      },
    ),
  );
});
