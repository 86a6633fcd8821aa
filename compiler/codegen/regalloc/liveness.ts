import type { MBlock, MFunc } from "./mir.ts";

/** Which values are needed at the start of each block (parameters not counted): a bit set per block, by its index. */
export function liveIn<Context>(func: MFunc<Context>): readonly Uint32Array[] {
  const words = (func.vregs + 31) >>> 5;
  const uses = func.blocks.map(() => new Uint32Array(words));
  const kills = func.blocks.map(() => new Uint32Array(words));
  for (const block of func.blocks) localSets(block, uses[block.index]!, kills[block.index]!);
  const live = uses.map((set) => set.slice());
  for (let changed = true; changed; ) {
    changed = false;
    for (let n = func.blocks.length - 1; n >= 0; n--) {
      const block = func.blocks[n]!;
      const mine = live[n]!;
      const killed = kills[n]!;
      for (const { to } of block.edges) {
        const next = live[to.index]!;
        for (let w = 0; w < words; w++) {
          const more = next[w]! & ~killed[w]! & ~mine[w]!;
          if (more === 0) continue;
          mine[w]! |= more;
          changed = true;
        }
      }
    }
  }
  return live;
}

function localSets<Context>(block: MBlock<Context>, uses: Uint32Array, kills: Uint32Array): void {
  const use = (vreg: number) => {
    if (((kills[vreg >>> 5]! >>> (vreg & 31)) & 1) === 0) uses[vreg >>> 5]! |= 1 << (vreg & 31);
  };
  const kill = (vreg: number) => {
    kills[vreg >>> 5]! |= 1 << (vreg & 31);
  };
  block.params.forEach(kill);
  for (const inst of block.insts) {
    for (const { vreg } of inst.uses) use(vreg);
    for (const { vreg } of inst.defs) kill(vreg);
  }
  for (const { args } of block.edges) for (const arg of args) if ("vreg" in arg) use(arg.vreg);
}

/** The members of a set of numbers, ascending. */
export function forEachBit(set: Uint32Array, visit: (index: number) => void): void {
  for (let w = 0; w < set.length; w++) {
    for (let rest = set[w]!; rest !== 0; ) {
      const bit = 31 - Math.clz32(rest & -rest);
      visit(w * 32 + bit);
      rest &= rest - 1;
    }
  }
}

export const hasBit = (set: Uint32Array, index: number): boolean =>
  ((set[index >>> 5]! >>> (index & 31)) & 1) !== 0;
