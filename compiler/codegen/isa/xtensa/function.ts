/** One SSA function → one section of machine code, and its jump tables. Depends on nothing but the function and the facts about its module. */
import { dataSection, type Section } from "../../object/section.ts";
import { allocate } from "../../regalloc/allocate.ts";
import type { MBlock, MFunc } from "../../regalloc/mir.ts";
import { writeFunction } from "../../regalloc/write.ts";
import type { Func } from "../../ssa/func.ts";
import type { ModuleFacts } from "../isa.ts";
import { symbolOf } from "../symbols.ts";
import { registerFile, scratch } from "./abi.ts";
import { Assembler, type Label } from "./assembler.ts";
import { addConstant, type Context, MOST_OFFSET, moveWriter } from "./context.ts";
import { Lowering } from "./lowering.ts";
import { a0, type Reg, sp } from "./regs.ts";
import { arithmeticRules } from "./rules-arithmetic.ts";
import { callRules } from "./rules-call.ts";
import { controlRules } from "./rules-control.ts";
import { intrinsicRules } from "./rules-intrinsic.ts";
import { memoryRules } from "./rules-memory.ts";

const rules = { ...arithmeticRules, ...memoryRules, ...controlRules, ...callRules, ...intrinsicRules };

/** A frame is touched page by page on its way down, so that none jumps over the guard page below the stack. */
const PAGE = 4096;

const WORD = 4;

type Allocation = ReturnType<typeof allocate>;

export function compileFunction(func: Func, facts: ModuleFacts): readonly Section[] {
  const lowering = new Lowering(func, facts, rules);
  const machine = lowering.run();
  const allocation = allocate(machine, registerFile);
  const write = (slots: number) => new FunctionWriter(lowering, machine, allocation, slots).run();
  const once = write(allocation.slotCount);
  // A cycle of moves through memory wants one slot more, behind all others; that is seen only while writing.
  return (once.spareUsed ? write(allocation.slotCount + 1) : once).sections;
}

class FunctionWriter {
  readonly a: Assembler;
  readonly lowering: Lowering;
  readonly machine: MFunc<Context>;
  readonly allocation: Allocation;
  /** In the order in which they are stored, from the top of the frame down. */
  readonly saved: readonly Reg[];
  /** Bytes of the frame that hold `saved`, and those below. Their sum is a multiple of 16. */
  readonly top: number;
  readonly room: number;
  readonly tables: Label[][] = [];
  spareUsed = false;

  constructor(lowering: Lowering, machine: MFunc<Context>, allocation: Allocation, slots: number) {
    this.a = new Assembler();
    this.lowering = lowering;
    this.machine = machine;
    this.allocation = allocation;
    this.saved = [...(lowering.calls ? [a0] : []), ...allocation.saved];
    const stored = WORD * this.saved.length;
    const below = lowering.outgoing + WORD * slots;
    const whole = alignUp(stored + below);
    // What does not fit one instruction is done in two steps, the first of which holds all that is saved.
    this.top = whole <= MOST_OFFSET ? whole : alignUp(stored);
    this.room = whole <= MOST_OFFSET ? 0 : alignUp(below);
  }

  run(): { sections: Section[]; spareUsed: boolean } {
    const { a, machine } = this;
    const symbol = symbolOf(this.lowering.func);
    const labels = machine.blocks.map(() => a.label());
    let following: MBlock<Context> | undefined;
    let goal: readonly MBlock<Context>[] = [];
    const label = ({ index }: MBlock<Context>) => labels[goal[index]!.index]!;
    const isNext = ({ index }: MBlock<Context>) => goal[index] === following;
    const spare = () => {
      this.spareUsed = true;
      return this.allocation.slotCount;
    };
    const frame = { outgoing: this.lowering.outgoing, size: this.top + this.room };
    const context: Context = {
      a,
      label,
      isNext,
      jump: (to) => {
        if (!isNext(to)) a.jump(label(to));
      },
      moves: moveWriter(a, frame, spare),
      leave: () => this.leave(),
      jumpTable: (targets) => {
        this.tables.push([...targets]);
        return `${symbol}.table.${this.tables.length - 1}`;
      },
    };
    a.symbol(symbol);
    this.enter();
    writeFunction(machine, this.allocation, {
      context,
      moves: context.moves,
      begin(block, next, targets) {
        a.bind(labels[block.index]!);
        following = next;
        goal = targets;
      },
    });
    const sections = [a.section(`function ${this.lowering.func.name}`, "rx", 4)];
    this.tables.forEach((targets, n) => {
      const offsets = targets.map((target) => a.offsetOf(target));
      sections.push(this.jumpTable(`${symbol}.table.${n}`, symbol, offsets));
    });
    return { sections, spareUsed: this.spareUsed };
  }

  enter(): void {
    const { a } = this;
    this.moveStack(-this.top);
    this.saved.forEach((reg, n) => {
      a.store("s32i", reg, sp, this.top - WORD * (n + 1));
    });
    if (this.room === 0) return;
    for (let down = PAGE; down <= this.room; down += PAGE) {
      a.li(scratch, BigInt(-down));
      a.r("add", scratch, scratch, sp);
      a.load("l8ui", scratch, scratch);
    }
    this.moveStack(-this.room);
  }

  leave(): void {
    const { a } = this;
    this.moveStack(this.room);
    this.saved.forEach((reg, n) => {
      a.load("l32i", reg, sp, this.top - WORD * (n + 1));
    });
    this.moveStack(this.top);
  }

  moveStack(by: number): void {
    if (by !== 0) addConstant(this.a, sp, sp, by, scratch);
  }

  jumpTable(name: string, symbol: string, offsets: readonly number[]): Section {
    const relocations = offsets.map((addend, n) => ({ offset: WORD * n, kind: "abs32", symbol, addend }));
    const bytes = new Uint8Array(WORD * offsets.length);
    return dataSection(name, "r", WORD, bytes, [{ name, offset: 0 }], relocations);
  }
}

const alignUp = (bytes: number): number => Math.ceil(bytes / 16) * 16;
