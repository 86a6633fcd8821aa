/** Accesses of eight bytes as two of four. */
import type { Draft, Inst, InstOf, Load, Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Pair, Words } from "./words.ts";

/** An access there is out of bounds whatever its address. */
const LAST = 2 ** 32 - 1;

const upper = (offset: number): number => Math.min(offset + 4, LAST);

/** The upper half first: where it is within bounds the lower one is too, so nothing is done by halves. */
export function load(w: Words, inst: Load): Pair {
  const { bytes, signed, offset } = inst;
  const part = (fields: Pick<Load, "bytes" | "signed" | "offset">): ValueId =>
    w.put({ op: "load", type: "i32", args: [...inst.args], ...fields });
  if (bytes === 8) {
    const high = part({ bytes: 4, signed: false, offset: upper(offset) });
    return [part({ bytes: 4, signed: false, offset }), high];
  }
  const low = part({ bytes, signed: signed && bytes < 4, offset });
  return [low, signed ? w.sign(low) : w.number(0)];
}

export function store(w: Words, inst: Store): void {
  const { bytes, offset } = inst;
  const [low, high] = w.pair(inst.args[1]!);
  const address = inst.args[0]!;
  if (bytes === 8)
    w.put({ op: "store", type: "i32", args: [address, high], bytes: 4, offset: upper(offset) });
  w.put({ op: "store", type: "i32", args: [address, low], bytes: bytes === 8 ? 4 : bytes, offset });
}

/** Registers of devices, by address: the lower half first, and one after the other. */
export function loadDevice(w: Words, { args }: Inst): Pair {
  const [low, high] = w.pair(args[0]!);
  const half = (address: ValueId) => w.intrinsic("hw.load32", [address, high]);
  return [half(low), half(w.by("add", low, 4))];
}

export function storeDevice(w: Words, { args }: Inst): void {
  const [low, high] = w.pair(args[0]!);
  const [first, second] = w.pair(args[1]!);
  w.intrinsic("hw.store32", [low, high, first]);
  w.intrinsic("hw.store32", [w.by("add", low, 4), high, second]);
}

export function getGlobal(w: Words, { index }: InstOf<"global.get">): Pair {
  const half = (high: boolean): Draft => ({ op: "global.get", type: "i32", args: [], index, high });
  return [w.put(half(false)), w.put(half(true))];
}

export function setGlobal(w: Words, { index, args }: InstOf<"global.set">): void {
  w.pair(args[0]!).forEach((value, n) => {
    w.put({ op: "global.set", type: "i32", args: [value], index, high: n === 1 });
  });
}
