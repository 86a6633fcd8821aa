import type { AccessBytes, Draft, Inst, Load, Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { bitsOf } from "../../ssa/types.ts";
import { learnRange } from "../ranges.ts";
import type { Rule, Rules, Scope } from "./scope.ts";

/**
 * Takes a constant out of an address into the offset of the access. `x + c` wraps at 32 bits and the offset does not, so
 * this is right only where the sum is known not to wrap: by the range of x, or, for what the sum's own range tells, when
 * x is known to be at least -c.
 */
function foldAddress(inst: Load | Store, scope: Scope): void {
  for (;;) {
    const add = scope.as(inst.args[0]!, "add");
    const constant = add && scope.constant(add.args[1]!);
    if (constant === undefined) {
      foldConstant(inst, scope);
      return;
    }
    const [x] = add!.args as [ValueId];
    const up = BigInt.asUintN(32, constant);
    const { min, max } = scope.facts.fresh(x);
    const fits = max + up < 1n << 32n;
    const down = !fits && constant < 0n && min >= -constant;
    const offset = BigInt(inst.offset) + (fits ? up : constant);
    if ((!fits && !down) || offset < 0n || offset >= 1n << 32n) return;
    inst.args[0] = x;
    inst.offset = Number(offset);
  }
}

/** A constant address is all offset, so that all such accesses have the same base. */
function foldConstant(inst: Load | Store, scope: Scope): void {
  const constant = scope.constant(inst.args[0]!);
  if (constant === undefined || constant === 0n) return;
  const offset = Number(BigInt.asUintN(32, constant)) + inst.offset;
  if (offset >= 2 ** 32) return;
  inst.args[0] = scope.number("i32", 0n);
  inst.offset = offset;
}

/**
 * An access that did not trap tells how great its address can be at most, and if that is a sum, that the sum did not wrap to
 * beyond that.
 */
export function learnAddress(inst: Load | Store, scope: Scope): void {
  const most = scope.memoryLimit - BigInt(inst.offset + inst.bytes);
  if (most >= 0n) learnRange(inst.args[0]!, 0n, most, scope);
}

const load: Rule = (inst, scope) => {
  foldAddress(inst as Load, scope);
  return narrowLoad(inst as Load, scope);
};

/** A load that leaves the upper half zero is one of 32 bits, so that loads of both widths are the same. */
function narrowLoad({ type, bytes, signed, args, offset, at }: Load, scope: Scope): ValueId | undefined {
  if (type !== "i64" || bytes === 8 || signed) return undefined;
  const value = scope.place({ op: "load", type: "i32", args: [...args], bytes, signed: false, offset, at });
  return scope.emit("extend_u", "i32", value);
}

/** What is stored need not have the bits that are not written. */
const store: Rule = (inst, scope) => {
  foldAddress(inst as Store, scope);
  narrowStore(inst as Store, scope);
  return undefined;
};

function narrowStore(inst: Store, scope: Scope): void {
  const bits = BigInt(inst.bytes * 8);
  for (;;) {
    const value = scope.func.inst(inst.args[1]!);
    if (value === undefined || !losesNothing(value, bits, scope)) return;
    const [x] = value.args as [ValueId];
    if (scope.typeOf(x) !== inst.type) return;
    inst.args[1] = x;
  }
}

function losesNothing(value: Inst, bits: bigint, scope: Scope): boolean {
  if (value.op === "extend8_s") return bits <= 8n;
  if (value.op === "extend16_s") return bits <= 16n;
  if (value.op === "extend32_s") return bits <= 32n;
  if (value.op !== "and") return false;
  const low = (1n << bits) - 1n;
  const mask = scope.constant(value.args[1]!);
  return mask !== undefined && (mask & low) === low && bits < BigInt(bitsOf[value.type]);
}

/** How a copy or fill of so many bytes is one access. */
const accesses: Readonly<Record<string, { bytes: AccessBytes; type: "i32" | "i64" }>> = {
  1: { bytes: 1, type: "i32" },
  2: { bytes: 2, type: "i32" },
  4: { bytes: 4, type: "i32" },
  8: { bytes: 8, type: "i64" },
};

/** What to put instead of a bulk operation of small constant length; the operation itself is then dropped. */
export function smallBulk(inst: Inst, scope: Scope): boolean {
  if (inst.op !== "memory.copy" && inst.op !== "memory.fill") return false;
  const [to, source, length] = inst.args as [ValueId, ValueId, ValueId];
  const access = accesses[String(scope.constant(length))];
  if (access === undefined) return false;
  const { bytes, type } = access;
  if (type === "i64" && !scope.func.longs) return false;
  let value = source;
  if (inst.op === "memory.copy")
    value = scope.place({ op: "load", type, args: [source], bytes, signed: false, offset: 0, at: inst.at });
  else {
    const byte = scope.constant(source);
    if (byte === undefined) return false;
    const repeated = BigInt.asUintN(8, byte) * BigInt(`0x${"01".repeat(bytes)}`);
    value = scope.number(type, repeated);
  }
  scope.place({ op: "store", type, args: [to, value], bytes, offset: 0, at: inst.at } as Draft);
  return true;
}

export const memory: Rules = { load: [load], store: [store] };
