import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { attacks, sound } from "#tools/http-requests";
import { type AsInstance, loadAs } from "#tools/load-as";

const HEAD = 1024;
const BODY = 64;

let as: AsInstance;

beforeAll(async () => {
  as = await loadAs({ entry: "stdlib/http/testing/intake.ts" });
  as.exports["limits"](HEAD, BODY, 4);
});

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

function place(bytes: Uint8Array): void {
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
}

/** What was understood when the bytes came in pieces that end at these places. */
function heard(bytes: Uint8Array, ends: readonly number[] = []): string {
  place(bytes);
  as.exports["begin"]();
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    if (end <= from) continue;
    if (as.exports["feed"](from, end - from) === 0) break;
    from = end;
  }
  return as.text(as.exports["said"]());
}

test.each(sound)("%s", (_, request, expected) => {
  expect(heard(bytesOf(request))).toBe(expected.map((line) => `${line}\n`).join(""));
});

test.each(attacks)("%s is refused with %i", (_, status, request) => {
  const lines = heard(bytesOf(request)).trimEnd().split("\n");
  expect(lines.at(-1)).toBe(String(status));
  // What comes behind is never understood as a request.
  expect(lines.join("\n")).not.toContain("smuggled");
});

test.each([
  ...sound,
  ...attacks.map(([name, status, request]) => [name, request, [String(status)]] as const),
])("%s, byte by byte", (_, request) => {
  const bytes = bytesOf(request);
  expect(
    heard(
      bytes,
      Array.from(bytes, (_byte, n) => n),
    ),
  ).toBe(heard(bytes));
});

const stream = fc
  .array(
    fc.constantFrom(...sound.map(([, request]) => request), ...attacks.map(([, , request]) => request)),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((requests) => bytesOf(requests.join("")));
const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 9, 10, 13, 32, 44, 48, 58, 59, 97, 255)), {
  maxLength: 3,
});

test("however requests are split, sound or damaged, the same is understood", () => {
  fc.assert(
    fc.property(stream, damage, fc.array(fc.nat(), { maxLength: 8 }), (bytes, changes, cuts) => {
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const ends = cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b);
      expect(heard(bytes, ends)).toBe(heard(bytes));
    }),
    { numRuns: 3000 },
  );
});

test("RFC 9112 3: a first line of more than 8 KiB is refused as such where heads may be that large", () => {
  as.exports["limits"](16384, BODY, 4);
  const bytes = bytesOf(`GET /${"x".repeat(8200)}`);
  expect([heard(bytes), heard(bytes, [100, 8000])]).toEqual(["414\n", "414\n"]);
  as.exports["limits"](HEAD, BODY, 4);
});

test("who sends heads slowly takes places from others who do, and never from whole requests", () => {
  as.exports["limits"](HEAD, BODY, 2);
  const begun = bytesOf("GET /slow HTTP/1.1\r\nHost: a");
  for (let n = 0; n < 3; n++) {
    place(begun);
    as.exports["leave"]();
    as.exports["feed"](0, begun.length);
  }
  as.exports["leave"]();
  const whole = bytesOf("GET /whole HTTP/1.1\r\nHost: a\r\n\r\n");
  place(whole);
  as.exports["feed"](0, whole.length);
  expect(as.text(as.exports["said"]())).toBe("GET /whole 1.1 a\n");
  as.exports["limits"](HEAD, BODY, 4);
});

test("two hundred thousand damaged requests: no trap, and memory does not grow", () => {
  const samples = [...sound.map(([, request]) => request), ...attacks.map(([, , request]) => request)].map(
    bytesOf,
  );
  let state = 20261121;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  let size = 0;
  for (let round = 0; round < 200_000; round++) {
    const bytes = samples[below(samples.length)]!.slice(0, 3000);
    for (let count = below(5); count > 0; count--)
      bytes[below(bytes.length)] = below(3) ? below(128) : below(256);
    const length = below(8) === 0 ? below(bytes.length) : bytes.length;
    place(bytes);
    as.exports["begin"]();
    as.exports["drain"](length);
    if (round === 1000) size = as.memory.buffer.byteLength;
  }
  expect(as.memory.buffer.byteLength).toBe(size);
});
