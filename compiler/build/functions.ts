/** The functions of a program by module, with sizes and, in machine code, a digest of what each does: how `diff` shows code. */
import { canonical } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { MachineCode } from "./machine-code.ts";
import { ownerOf, type SizedFunction } from "./sizes.ts";

/** Name, bytes, and ten digits that are equal if the code is; without machine code there are none. */
export type FunctionRow = readonly [name: string, bytes: number, digits: string];

export function putFunctions(
  functions: readonly SizedFunction[],
  code: MachineCode | undefined,
  owners: ReadonlyMap<string, string>,
  store: Store,
): Digest {
  const digits = code === undefined ? new Map<string, string>() : digitsOf(code, store);
  const found = new Map<string, FunctionRow[]>();
  for (const { name, bytes } of functions) {
    const owner = ownerOf(name, owners);
    found.set(owner, [...(found.get(owner) ?? []), [name, bytes, digits.get(name) ?? ""]]);
  }
  const modules = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return store.put(canonical({ appl: "functions@1", modules }));
}

/** Functions refer to each other by number, and numbers move when another function comes or goes: names stay. */
function digitsOf({ code, functions }: MachineCode, store: Store): ReadonlyMap<string, string> {
  const names = new Map(functions.map(({ symbol, name }) => [symbol, name]));
  const digits = new Map<string, string>();
  for (const { bytes, symbols, relocations } of code) {
    const own = symbols.map(({ name }) => names.get(name)).find((name) => name !== undefined);
    if (own === undefined) continue;
    const uses = relocations.map(({ offset, kind, symbol, addend }) => [
      offset,
      kind,
      names.get(symbol) ?? symbol,
      addend,
    ]);
    const digest = store.digestOf([store.digest(bytes), uses]);
    digits.set(own, digest.slice("sha256:".length, "sha256:".length + 10));
  }
  return digits;
}
