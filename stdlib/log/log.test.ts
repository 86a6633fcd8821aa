/** Lines: what people see, and what waits for somebody else. Who may say how much is asked of built images, in `test/operations.test.ts`. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

const program = `
import { Bytes } from "../core/bytes";
import * as lines from "./lines/index";
import * as log from "./test-all";
const room = new Bytes(new StaticArray<u8>(1024), 0, 1024);
lines.keep(3);
export function place(): usize { return room.pointer(0, 1024); }
export function say(level: u32, size: u32): void { log.at(level); log.text("a"); log.bytes(room, 0, size); log.end(); }
export function banner(): void { log.start(); }
export function waiting(): u32 { return lines.count(); }
export function lengthOf(n: u32): u32 { return lines.line(n).length; }
export function levelOf(n: u32): u32 { return lines.line(n).level; }
export function read(n: u32): void { room.copy(0, lines.line(n).bytes, 0, lines.line(n).length); }
export function drop(n: u32): void { lines.drop(n); }
export function lost(): u64 { return lines.missing(); }
`;

let as: AsInstance;
let said = "";

beforeAll(async () => {
  as = await loadAs(
    {
      entry: "stdlib/log/test-program.ts",
      files: {
        "stdlib/log/test-program.ts": program,
        "stdlib/log/test-console.ts": "export declare function write(byte: u32): void;\n",
      },
      needs: { "stdlib/log": { console: "stdlib/log/test-console" } },
      parts: { "stdlib/log": { kept: true, banner: true } },
    },
    { "test-console": { write: (byte: number) => (said += String.fromCharCode(byte)) } },
  );
});

beforeEach(() => {
  said = "";
  as.exports["drop"](as.exports["waiting"]());
});

function say(text: string | Uint8Array, level = 6): void {
  const bytes = Buffer.from(text);
  as.view(as.exports["place"](), bytes.length).set(bytes);
  as.exports["say"](level, bytes.length);
}

function line(n: number): string {
  as.exports["read"](n);
  return Buffer.from(as.view(as.exports["place"](), as.exports["lengthOf"](n))).toString("latin1");
}

test("what others have sent can end no line, and move no cursor", () => {
  say(Uint8Array.of(0, 10, 13, 27, 0x41, 0x7f, 0x80, 0xff, 0x22));
  expect(said).toBe('a????A???"\r\n');
});

test("lines wait in the order in which they were said, with their levels", () => {
  say("1", 3);
  say("2", 7);
  expect([line(0), as.exports["levelOf"](0), line(1), as.exports["levelOf"](1)]).toEqual(["a1", 3, "a2", 7]);
  as.exports["drop"](1);
  expect([as.exports["waiting"](), line(0)]).toEqual([1, "a2"]);
});

test("when none has been taken for too long, new ones are on the console alone, and counted", () => {
  const before = as.exports["lost"]();
  for (const text of ["1", "2", "3", "4", "5"]) say(text);
  expect([as.exports["waiting"](), line(0), line(2), as.exports["lost"]() - before]).toEqual([
    3,
    "a1",
    "a3",
    2n,
  ]);
  expect(said.split("\r\n")).toEqual(["a1", "a2", "a3", "a4", "a5", ""]);
});

test("a line that is too long ends in three points", () => {
  say("x".repeat(511));
  say("x".repeat(512));
  expect(line(0)).toBe(`a${"x".repeat(511)}`);
  expect(line(1)).toBe(`a${"x".repeat(508)}...`);
});

test("the banner has the name and the digest", () => {
  as.exports["banner"]();
  expect(said).toBe(`${"0".repeat(64)} sha256:${"0".repeat(64)}\r\n`);
  expect(line(0)).toBe(said.trim());
});
