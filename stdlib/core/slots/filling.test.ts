/** Slots as a machine fills them when it starts, and what it says of what it cannot use. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { LINES, type SlotsMachine, slotsMachine, VALUE, WORDS } from "#tools/slots-machine";

let machine: SlotsMachine;
beforeAll(async () => {
  machine = await slotsMachine();
});

const filled: SlotsMachine["filled"] = (...all) => machine.filled(...all);

const good = "key=AAAA\nint=5\n";

test.each([
  ["lines", [[LINES, `# all of them\n\n  text = two words \r\n${good}`]]],
  ["quotes", [[LINES, `text="a \\" and \\n \\\\"\n${good}`]]],
  [
    "words among others",
    [[WORDS, 'console=ttyS0 appl.key=AAAA appl.quiet appl.int=5 appl.text="two words"']],
  ],
  [
    "files",
    [
      [VALUE, "key=AAAA\n"],
      [VALUE, "int=5\r\n"],
    ],
  ],
  [
    "several places",
    [
      [WORDS, "appl.int=5"],
      [LINES, "key=AAAA"],
      [VALUE, "text=a=b"],
    ],
  ],
] as const)("%s are read", (_, all) => {
  expect(filled(...all)).toEqual([""]);
});

test.each([
  ["what is missing", [[LINES, "int=5"]], ["boot: `key` is missing; it wants what it wants"]],
  [
    "what is refused, but no secret",
    [[LINES, "key=hunter2\nint=five"]],
    [
      "boot: `key` is wrong here",
      "boot: `key` wants what it wants",
      "boot: `int` cannot be `five` here",
      "boot: `int` wants what it wants",
    ],
  ],
  [
    "a slot that there is not",
    [[WORDS, "appl.key=AAAA appl.int=5 appl.txt=x"]],
    ["boot: there is no slot `txt` here; this image has text, key, int"],
  ],
  [
    "one that is given twice",
    [
      [LINES, good],
      [WORDS, "appl.int=6"],
    ],
    ["boot: `int` is given twice, the second time here"],
  ],
  [
    "a line without a value",
    [[LINES, `${good}text`]],
    ["boot: `text` cannot be `` here", "boot: `text` wants what it wants"],
  ],
  [
    "quotes that do not end",
    [[LINES, `${good}text="x`]],
    ["boot: `text` cannot be `x` here", "boot: `text` wants what it wants"],
  ],
  [
    "something behind quotes",
    [[LINES, `${good}text="x"y`]],
    ["boot: `text` cannot be `x` here", "boot: `text` wants what it wants"],
  ],
  [
    "a text that is too long",
    [
      [LINES, good],
      [LINES, "x".repeat(65_537)],
    ],
    ["boot: what is here is longer than 65536 bytes"],
  ],
] as const)("%s is named, and the machine ends", (_, all, lines) => {
  expect(filled(...all)).toEqual([...lines, "boot: give values as told"]);
});

test("what is said is bounded, whatever is given", () => {
  const lines = filled([LINES, `${good}${"unknown=1\n".repeat(500)}`]);
  expect(lines.length).toBe(21);
});

test("whatever bytes come, they are read within their bounds, and no byte of a key is shown", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "appl.",
      "key=",
      "int=",
      "text=",
      '"',
      "\\",
      "\n",
      " ",
      "=",
      "#",
      "appl.key=",
      "SECRETSECRET",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(WORDS, LINES, VALUE), text), { maxLength: 4 }), (all) => {
      const said = filled(...all).join("\n");
      const keyOnly = all.every(([form, each]) => form === VALUE && each.startsWith("key="));
      if (keyOnly) expect(said).not.toContain("SECRETSECRET");
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(WORDS, LINES, VALUE),
      fc.uint8Array({ maxLength: 200 }),
      (form, bytes) => void filled([form, bytes]),
    ),
    {
      numRuns: 500,
    },
  );
});
