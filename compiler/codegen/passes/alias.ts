import type { Func } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";

/** Some bytes of linear memory: [address + offset, address + offset + bytes). */
export interface Place {
  readonly address: ValueId;
  readonly offset: number;
  readonly bytes: number;
}

/** An address as a value plus a constant, modulo 2^32; for a constant address there is no value. */
interface Origin {
  readonly root: ValueId | undefined;
  readonly plus: bigint;
}

function origin(func: Func, { address, offset }: Place): Origin {
  let plus = BigInt(offset);
  let root = address;
  for (;;) {
    const inst = func.inst(root);
    if (inst?.op === "iconst") return { root: undefined, plus: plus + inst.value };
    const constant = inst?.op === "add" ? func.constant(inst.args[1]!) : undefined;
    if (constant === undefined) return { root, plus };
    plus += constant;
    root = inst!.args[0]!;
  }
}

/**
 * May two accesses that both succeed touch a common byte? Addresses made from one value by constants are apart if they are
 * apart modulo 2^32, for no access succeeds beyond 4 GiB. Of different values nothing is known.
 */
export function mayOverlap(func: Func, a: Place, b: Place): boolean {
  const [x, y] = [origin(func, a), origin(func, b)];
  if (x.root !== y.root) return true;
  const forward = BigInt.asUintN(32, y.plus - x.plus);
  const backward = BigInt.asUintN(32, x.plus - y.plus);
  return forward < BigInt(a.bytes) || backward < BigInt(b.bytes);
}

/** Do both denote the same bytes, whether they can be accessed or not? */
export function isSame(a: Place, b: Place): boolean {
  return a.address === b.address && a.offset === b.offset && a.bytes === b.bytes;
}
