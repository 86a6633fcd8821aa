import { type Cfg, computeLoops, homesOf, type Loop } from "../ssa/cfg.ts";
import type { OptimizeContext } from "../ssa/context.ts";
import type { Block, Draft, Func, Inst, Load, Store } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Replacements } from "../ssa/rewrite.ts";
import type { IntType } from "../ssa/types.ts";
import { isSame, mayOverlap, type Place } from "./alias.ts";
import { changesIn } from "./effects.ts";

/** Bytes of memory whose content is the low bits of `value`. */
interface Cell extends Place {
  readonly value: ValueId;
}

/** What is known at one point. Cells in order of learning, so that the oldest is forgotten first. */
interface State {
  readonly cells: readonly Cell[];
  readonly globals: ReadonlyMap<number, ValueId>;
}

const nothing: State = { cells: [], globals: new Map() };
/** More than this many cells are hardly ever asked for again; it keeps the pass linear. */
const MAX_CELLS = 32;

/**
 * What is known to be in memory and in globals along a walk down the dominator tree, in the order of the control flow: what was
 * read or written before on every way here, and not possibly written since. Lets reads of it be replaced, and
 * stores of what is there already be dropped.
 */
export class KnownMemory {
  readonly #func: Func;
  readonly #context: OptimizeContext;
  readonly #cfg: Cfg;
  readonly #loops: readonly (Loop | undefined)[];
  readonly #headers = new Map<Block, Loop>();
  readonly #after: (State | undefined)[] = []; // by BlockId
  /** Of the walk: operands of blocks that it has not reached yet are the old ones. */
  readonly #same: Replacements;
  readonly #place: (draft: Draft) => ValueId;
  readonly #homes: readonly (Block | undefined)[];
  #cells: Cell[] = [];
  #globals = new Map<number, ValueId>();

  constructor(
    func: Func,
    cfg: Cfg,
    context: OptimizeContext,
    same: Replacements,
    place: (draft: Draft) => ValueId,
  ) {
    this.#func = func;
    this.#context = context;
    this.#cfg = cfg;
    this.#same = same;
    this.#place = place;
    const loops = computeLoops(func, cfg);
    this.#loops = loops.of;
    this.#homes = homesOf(func);
    for (const loop of loops.all) this.#headers.set(loop.header, loop);
  }

  enter(block: Block): void {
    const { cells, globals } = this.#before(block);
    this.#cells = [...cells];
    this.#globals = new Map(globals);
  }

  leave(block: Block): void {
    this.#after[block.id] = { cells: this.#cells, globals: this.#globals };
  }

  /** Takes note of an instruction; gives the value of its result if that is known, or "drop" if it changes nothing. */
  visit(inst: Inst): ValueId | "drop" | undefined {
    if (inst.op === "load") return this.#load(inst);
    if (inst.op === "store") return this.#store(inst);
    if (inst.op === "global.get") {
      const known = this.#globals.get(keyOf(inst));
      if (known === undefined) this.#globals.set(keyOf(inst), inst.results[0]!);
      return known;
    }
    if (inst.op === "global.set") {
      if (this.#globals.get(keyOf(inst)) === inst.args[0]) return "drop";
      this.#globals.set(keyOf(inst), inst.args[0]!);
      return undefined;
    }
    if (changesIn(inst, this.#context).memory) this.#cells = [];
    this.#forgetGlobals(this.#globals, inst);
    return undefined;
  }

  #before(block: Block): State {
    const preds = this.#cfg.preds[block.id]!;
    const loop = this.#headers.get(block);
    const entering = loop ? preds.filter((pred) => !this.#cfg.dominates(block, pred)) : preds;
    const states = entering.map((pred) => this.#after[pred.id]);
    const [first, ...others] = states;
    if (first === undefined || others.includes(undefined)) return nothing;
    const common = others.reduce<State>((a, b) => intersect(a, b!), first);
    return loop ? this.#survivors(common, loop) : common;
  }

  /** What nothing in the loop can change. */
  #survivors(state: State, loop: Loop): State {
    let cells = state.cells;
    const globals = new Map(state.globals);
    for (const block of loop.blocks)
      for (const inst of block.insts) {
        if (cells.length > 0) cells = this.#afterWrite(cells, inst, loop);
        if (globals.size > 0) this.#forgetGlobals(globals, inst);
      }
    return { cells, globals };
  }

  #afterWrite(cells: readonly Cell[], inst: Inst, loop: Loop): readonly Cell[] {
    if (!changesIn(inst, this.#context).memory) return cells;
    // An address made in the loop is another one in each turn.
    if (inst.op !== "store" || !this.#isOutside(this.#same.resolve(inst.args[0]!), loop)) return [];
    const place = { ...placeOf(inst), address: this.#same.resolve(inst.args[0]!) };
    return cells.filter((cell) => !mayOverlap(this.#func, cell, place));
  }

  #isOutside(value: ValueId, loop: Loop): boolean {
    const home = this.#homes[value];
    return home === undefined || this.#func.constant(value) !== undefined || !this.#contains(loop, home);
  }

  #contains(loop: Loop, block: Block): boolean {
    for (let inner = this.#loops[block.id]; inner; inner = inner.parent) if (inner === loop) return true;
    return false;
  }

  /** Takes away what `inst` may change. */
  #forgetGlobals(globals: Map<number, ValueId>, inst: Inst): void {
    const changes = changesIn(inst, this.#context);
    if (changes.all) globals.clear();
    else
      for (const index of changes.globals)
        for (const high of [false, true]) globals.delete(keyOf({ index, high }));
  }

  #load(inst: Load): ValueId | undefined {
    const place = placeOf(inst);
    const cell = this.#cells.find((each) => isSame(each, place));
    if (cell !== undefined) return this.#convert(cell.value, inst);
    this.#learn({ ...place, value: inst.results[0]! });
    return undefined;
  }

  #store(inst: Store): "drop" | undefined {
    const place = placeOf(inst);
    const value = inst.args[1]!;
    if (this.#cells.some((cell) => isSame(cell, place) && cell.value === value)) return "drop";
    this.#cells = this.#cells.filter((cell) => !mayOverlap(this.#func, cell, place));
    this.#learn({ ...place, value });
    return undefined;
  }

  #learn(cell: Cell): void {
    this.#cells.push(cell);
    if (this.#cells.length > MAX_CELLS) this.#cells.shift();
  }

  /** The value that `load` gives when the low bits of `value` are what it reads. */
  #convert(value: ValueId, load: Load): ValueId {
    const { type, bytes, signed, at } = load as Load & { type: IntType };
    let result = value;
    if (type !== this.#func.typeOf(value))
      result = this.#place({ op: type === "i32" ? "wrap" : "extend_u", type, args: [value], at });
    const bits = bytes * 8;
    if (bits === (type === "i32" ? 32 : 64) || isExtended(this.#func.inst(result), load)) return result;
    const op = ({ 8: "extend8_s", 16: "extend16_s", 32: "extend32_s" } as const)[bits as 8 | 16 | 32];
    if (signed) return this.#place({ op, type, args: [result], at });
    const mask = this.#place({ op: "iconst", type, args: [], value: (1n << BigInt(bits)) - 1n, at });
    return this.#place({ op: "and", type, args: [result, mask], at });
  }
}

/** A global, or the upper half of one. */
const keyOf = ({ index, high }: { index: number; high: boolean }): number => 2 * index + (high ? 1 : 0);

function placeOf(inst: Load | Store): Place {
  return { address: inst.args[0]!, offset: inst.offset, bytes: inst.bytes };
}

/** A load that was extended the same way already. */
function isExtended(inst: Inst | undefined, load: Load): boolean {
  return (
    inst?.op === "load" && inst.type === load.type && inst.bytes === load.bytes && inst.signed === load.signed
  );
}

function intersect(a: State, b: State): State {
  const cells = a.cells.filter((cell) =>
    b.cells.some((each) => isSame(each, cell) && each.value === cell.value),
  );
  const globals = new Map([...a.globals].filter(([index, value]) => b.globals.get(index) === value));
  return { cells, globals };
}
