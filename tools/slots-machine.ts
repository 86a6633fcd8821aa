/** The slots of a machine in V8: of each kind one that tests give values to, and a machine that fills some from texts. */
import { expect } from "vitest";
import { type AsInstance, loadAs } from "./load-as.ts";

const program = `
import { Bytes } from "../bytes";
import { AddressSlot } from "./address";
import { Condition, Pattern } from "./conditions";
import { start as fill } from "./index";
import { NumberSlot, Term } from "./number";
import { slots } from "./registry";
import { Declared } from "./slot";
import { BytesSlot, TextSlot } from "./text";
const none: Condition[] = [];
const noPatterns: Pattern[] = [];
const noTerms: Term[] = [];
function declared(name: string, secret: bool): Declared { return new Declared(name, name, secret, "what it wants", none, noPatterns); }
const between = new Declared("small", "small", false, "1..99", [new Condition([1, 0, 1, 8, 1, 0, 99, 6, 9])], noPatterns);
const text = new TextSlot(declared("text", false), 20, false);
const name = new TextSlot(declared("name", false), 20, true);
const key = new BytesSlot(declared("key", true), 20);
const int = new NumberSlot(declared("int", false), noTerms, noTerms, false);
const small = new NumberSlot(between, noTerms, noTerms, false);
const time = new NumberSlot(declared("time", false), noTerms, [new Term("ms", 1000000), new Term("s", 1000000000), new Term("min", 60000000000)], false);
const level = new NumberSlot(declared("level", false), [new Term("low", 0), new Term("high", 1)], noTerms, false);
const mac = new NumberSlot(declared("mac", false), noTerms, noTerms, true);
const ip = new AddressSlot(declared("ip", false), 0, 0);
const prefix = new AddressSlot(declared("prefix", false), 0, 1);
const network = new AddressSlot(declared("network", false), 0, 2);
const socket = new AddressSlot(declared("socket", false), 0, 3);
const memory = new StaticArray<u8>(1024);
const given = new Bytes(memory, 0, 1024);
const part = new Bytes(memory, 0, 0);
export function place(): usize { return given.pointer(0, 1024); }
export function takeText(length: u32): i32 { part.window(given, 0, length); return text.take(part) ? <i32>text.bytes.length : -1; }
export function takeName(length: u32): i32 { part.window(given, 0, length); return name.take(part) ? <i32>name.bytes.length : -1; }
export function nameAt(at: u32): u32 { return name.bytes.u8(at); }
export function takeKey(length: u32): i32 { part.window(given, 0, length); return key.take(part) ? <i32>key.bytes.length : -1; }
export function keyAt(at: u32): u32 { return key.bytes.u8(at); }
export function takeNumber(which: i32, length: u32): bool {
  part.window(given, 0, length);
  const slot = which == 0 ? int : which == 1 ? small : which == 2 ? time : which == 3 ? level : mac;
  number = 0;
  if (!slot.take(part)) return false;
  number = slot.value;
  return true;
}
export let number: i64 = 0;
export function takeAddress(which: i32, length: u32): bool {
  part.window(given, 0, length);
  taken = which == 0 ? ip : which == 1 ? prefix : which == 2 ? network : socket;
  return taken.take(part);
}
let taken: AddressSlot = ip;
export function family(): u32 { return taken.family; }
export function high(): u64 { return taken.high; }
export function low(): u64 { return taken.low; }
export function behind(): u32 { return taken.length + taken.port; }
export function begin(): void {
  slots.length = 0;
  slots.push(text); slots.push(key); slots.push(int);
  text.has = true; key.has = false; int.has = false;
}
export function start(): void { fill(); }
`;

const given = `
import { Bytes } from "../bytes";
export declare function texts(): i32;
export declare function form(n: i32): i32;
export declare function size(n: i32): u32;
export declare function copy(n: i32, to: usize): void;
export declare function refuse(): void;
export function read(n: i32, to: Bytes): void { copy(n, to.pointer(0, to.length)); }
export function place(_n: i32): string { return "here"; }
export function how(): string { return "told"; }
`;

const idle = `
export let rests: i32 = -1;
export function rest(n: i32): string { rests = n; return "guest does not run"; }
`;

const log = `
import { Bytes } from "../bytes";
export declare function write(byte: u32): void;
export function text(value: string): void { for (let n = 0; n < value.length; n++) write(<u32>value.charCodeAt(n)); }
export function number(value: u64): void { text(value.toString()); }
export function begin(_level: u32, _name: string): void {}
export function bytes(from: Bytes, at: u32, count: u32): void { for (let n = at; n < at + count; n++) write(from.u8(n) >= 32 && from.u8(n) < 127 ? from.u8(n) : 63); }
export function end(): void { write(10); }
`;

/** Forms of a text: words of a command line, lines, the value of one slot. */
export const [WORDS, LINES, VALUE] = [0, 1, 2] as const;

export const encode = (text: string) => new TextEncoder().encode(text);
const bytesOf = (text: string | Uint8Array) => (typeof text === "string" ? encode(text) : text);

export interface SlotsMachine {
  readonly exports: AsInstance["exports"];
  /** Gives the text to an export that takes its length last. */
  take(name: string, text: string | Uint8Array, ...before: number[]): number;
  /** Fills its slots from these texts; gives the lines that it has said. */
  filled(...all: (readonly [form: number, text: string | Uint8Array])[]): string[];
}

export async function slotsMachine(): Promise<SlotsMachine> {
  let texts: { readonly form: number; readonly bytes: Uint8Array }[] = [];
  let said = "";
  let refused = false;
  const as = await loadAs(
    {
      entry: "stdlib/core/slots/test-slots.ts",
      files: {
        "stdlib/core/slots/test-slots.ts": program,
        "stdlib/core/slots/test-given.ts": given,
        "stdlib/core/slots/test-log.ts": log,
        "stdlib/core/slots/idle.ts": idle,
      },
      needs: {
        "stdlib/core/slots": { given: "stdlib/core/slots/test-given", log: "stdlib/core/slots/test-log" },
      },
    },
    {
      "test-given": {
        texts: () => texts.length,
        form: (n: number) => texts[n]!.form,
        size: (n: number) => texts[n]!.bytes.length,
        copy: (n: number, to: number) => as.view(to, texts[n]!.bytes.length).set(texts[n]!.bytes),
        refuse: () => {
          refused = true;
        },
      },
      "test-log": {
        write: (byte: number) => {
          said += String.fromCharCode(byte);
        },
      },
    },
  );
  return {
    exports: as.exports,
    take(name, text, ...before) {
      const bytes = bytesOf(text);
      as.view(as.exports["place"](), 1024).set(bytes);
      return Number(as.exports[name](...before, bytes.length));
    },
    filled(...all) {
      texts = all.map(([form, text]) => ({ form, bytes: bytesOf(text) }));
      said = "";
      refused = false;
      as.exports["begin"]();
      as.exports["start"]();
      expect(refused).toBe(said !== "");
      return said.trimEnd().split("\n");
    },
  };
}
