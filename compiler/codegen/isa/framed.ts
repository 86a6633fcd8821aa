/**
 * One SSA function → one section of machine code, and its jump tables, for instruction sets whose calls leave the return address in a register: the frame, from the caller's stack
 * pointer down, holds registers that are saved, slots, and arguments on their way. Depends on nothing but the function and the facts about its module.
 */
import { dataSection, type Section } from "../object/section.ts";
import { allocate } from "../regalloc/allocate.ts";
import type { Loc, MBlock, PReg, RegisterFile } from "../regalloc/mir.ts";
import type { MoveWriter } from "../regalloc/parallel-move.ts";
import { writeFunction } from "../regalloc/write.ts";
import type { CodeWriter, Label } from "./code-writer.ts";
import { type Context, inReg, register, type Target } from "./context.ts";
import type { Lowering } from "./lowering.ts";
import { symbolOf } from "./symbols.ts";

/** How an instruction set handles frames. */
export interface FrameRules<A> {
  readonly word: 4 | 8;
  readonly registerFile: RegisterFile;
  /** Where a call returns to. */
  readonly link: PReg;
  /** Holds nothing from one instruction to the next. */
  readonly scratch: PReg;
  /** Is always zero. */
  readonly zero?: PReg;
  /** Greater frames are made in two steps, the first of which holds all that is saved. */
  readonly most: number;
  assembler(): A;
  constant(a: A, to: PReg, value: bigint): void;
  copy(a: A, to: PReg, from: PReg): void;
  /** Words at any offset from the stack pointer. */
  load(a: A, to: PReg, offset: number): void;
  store(a: A, from: PReg, offset: number): void;
  moveStack(a: A, by: number): void;
  /** Looks at memory so far below the stack pointer. */
  touch(a: A, down: number): void;
}

/** A frame is touched page by page on its way down, so that none jumps over the guard page below the stack. */
const PAGE = 4096;

/** So many registers are read back at each return. */
const FEW = 2;

type FramedAssembler = CodeWriter & { jump(label: Label): void; ret(): void };

export function compileFramed<A extends FramedAssembler, L extends Lowering<Context<A>, L>>(
  lowering: L,
  rules: FrameRules<A>,
): readonly Section[] {
  const machine = lowering.run();
  const allocation = allocate(machine, rules.registerFile);
  const write = (slots: number) => {
    const writer = new Writer<A, L>(lowering, rules, allocation.saved, slots, allocation.slotCount);
    const sections = writer.run((context, begin) =>
      writeFunction(machine, allocation, {
        context,
        moves: context.moves,
        begin,
        from: (at) => context.a.from(at),
      }),
    );
    return { sections, spareUsed: writer.spareUsed };
  };
  const once = write(allocation.slotCount);
  // A cycle of moves through memory wants one slot more, behind all others; that is seen only while writing.
  return (once.spareUsed ? write(allocation.slotCount + 1) : once).sections;
}

type Begin<A> = (
  block: MBlock<Context<A>>,
  next: MBlock<Context<A>> | undefined,
  targets: readonly MBlock<Context<A>>[],
) => void;

class Writer<A extends FramedAssembler, L extends Lowering<Context<A>, L>> {
  readonly #a: A;
  readonly #rules: FrameRules<A>;
  readonly #lowering: L;
  /** In the order in which they are stored, from the top of the frame down. */
  readonly #saved: readonly PReg[];
  /** Bytes of the frame that hold `saved`, and those below. Their sum is a multiple of 16. */
  readonly #top: number;
  readonly #room: number;
  readonly #tables: Label[][] = [];
  readonly #spare: number;
  #epilogue: Label | undefined;
  spareUsed = false;

  constructor(lowering: L, rules: FrameRules<A>, saved: readonly PReg[], slots: number, spare: number) {
    this.#a = rules.assembler();
    this.#rules = rules;
    this.#lowering = lowering;
    this.#saved = [...(lowering.calls ? [rules.link] : []), ...saved];
    this.#spare = spare;
    const stored = rules.word * this.#saved.length;
    const below = lowering.outgoing + rules.word * slots;
    const whole = alignUp(stored + below);
    this.#top = whole <= rules.most ? whole : alignUp(stored);
    this.#room = whole <= rules.most ? 0 : alignUp(below);
  }

  run(writeBody: (context: Context<A>, begin: Begin<A>) => void): Section[] {
    const a = this.#a;
    const { func, blocks } = this.#lowering;
    const symbol = symbolOf(func);
    const labels = blocks.map(() => a.label());
    let following: MBlock<Context<A>> | undefined;
    let goal: readonly MBlock<Context<A>>[] = [];
    const label = ({ index }: Target) => labels[goal[index]!.index]!;
    const isNext = ({ index }: Target) => goal[index] === following;
    const context: Context<A> = {
      a,
      label,
      isNext,
      jump: (to) => {
        if (!isNext(to)) a.jump(label(to));
      },
      moves: this.#moves(),
      leave: () => this.#leave(),
      jumpTable: (targets) => {
        this.#tables.push([...targets]);
        return `${symbol}.table.${this.#tables.length - 1}`;
      },
    };
    a.symbol(symbol);
    this.#enter();
    writeBody(context, (block, next, targets) => {
      a.bind(labels[block.index]!);
      following = next;
      goal = targets;
    });
    const sections = [a.section(`function ${func.name}`, "rx", 4)];
    this.#tables.forEach((targets, n) => {
      const offsets = targets.map((target) => a.offsetOf(target));
      sections.push(this.#jumpTable(`${symbol}.table.${n}`, symbol, offsets));
    });
    return sections;
  }

  #enter(): void {
    const { word, store, touch } = this.#rules;
    this.#moveStack(-this.#top);
    this.#saved.forEach((reg, n) => {
      store(this.#a, reg, this.#top - word * (n + 1));
    });
    for (let down = PAGE; down <= this.#room; down += PAGE) touch(this.#a, down);
    this.#moveStack(-this.#room);
  }

  /** Where there is more to undo than a jump costs, all returns share the first one's instructions. */
  #leave(): void {
    const { word, load } = this.#rules;
    if (this.#epilogue !== undefined) return this.#a.jump(this.#epilogue);
    if (this.#saved.length > FEW) this.#epilogue = this.#a.here();
    this.#moveStack(this.#room);
    this.#saved.forEach((reg, n) => {
      load(this.#a, reg, this.#top - word * (n + 1));
    });
    this.#moveStack(this.#top);
    this.#a.ret();
  }

  #moveStack(by: number): void {
    if (by !== 0) this.#rules.moveStack(this.#a, by);
  }

  #moves(): MoveWriter {
    const a = this.#a;
    const { word, scratch, zero, constant, copy, load, store } = this.#rules;
    // Slots are above the outgoing arguments; negative ones are the caller's arguments above the frame.
    const offsetOf = (loc: Loc): number => {
      if (loc.kind !== "slot") throw new Error("BUG: not a slot");
      if (loc.slot < 0) return this.#top + this.#room - word * (loc.slot + 1);
      return this.#lowering.outgoing + word * loc.slot;
    };
    return {
      scratch: inReg(scratch),
      spare: () => {
        this.spareUsed = true;
        return { kind: "slot", slot: this.#spare };
      },
      move(to, from) {
        if (to.kind === "reg") {
          if (from.kind === "imm") return constant(a, to.reg, from.imm);
          if (from.kind === "reg") return copy(a, to.reg, from.reg);
          return load(a, to.reg, offsetOf(from));
        }
        let source = scratch;
        if (from.kind === "reg") source = from.reg;
        else if (from.kind === "imm" && from.imm === 0n && zero !== undefined) source = zero;
        else if (from.kind === "imm") constant(a, scratch, from.imm);
        else throw new Error("BUG: move between slots");
        store(a, source, offsetOf(to));
      },
      exchange(one, other) {
        copy(a, scratch, register(one));
        copy(a, register(one), register(other));
        copy(a, register(other), scratch);
      },
    };
  }

  #jumpTable(name: string, symbol: string, offsets: readonly number[]): Section {
    const { word } = this.#rules;
    const kind = word === 8 ? "abs64" : "abs32";
    const relocations = offsets.map((addend, n) => ({ offset: word * n, kind, symbol, addend }));
    const bytes = new Uint8Array(word * offsets.length);
    return dataSection(name, "r", word, bytes, [{ name, offset: 0 }], relocations);
  }
}

const alignUp = (bytes: number): number => Math.ceil(bytes / 16) * 16;
