/** One SSA function → one section of machine code, and its jump tables. Depends on nothing but the function and the facts about its module. */
import { dataSection, type Section } from "../../object/section.ts";
import { allocate } from "../../regalloc/allocate.ts";
import type { MBlock, MFunc } from "../../regalloc/mir.ts";
import { writeFunction } from "../../regalloc/write.ts";
import type { Func } from "../../ssa/func.ts";
import type { Target } from "../context.ts";
import type { ModuleFacts } from "../isa.ts";
import { symbols } from "../symbols.ts";
import { registerFile } from "./abi.ts";
import { Assembler, type Label } from "./assembler.ts";
import { type Context, moveWriter } from "./context.ts";
import { Lowering } from "./lowering.ts";
import { rax, rsp } from "./regs.ts";
import { arithmeticRules } from "./rules-arithmetic.ts";
import { callRules } from "./rules-call.ts";
import { controlRules } from "./rules-control.ts";
import { floatRules } from "./rules-float.ts";
import { intrinsicRules } from "./rules-intrinsic.ts";
import { memoryRules } from "./rules-memory.ts";

const rules = {
  ...arithmeticRules,
  ...floatRules,
  ...memoryRules,
  ...controlRules,
  ...callRules,
  ...intrinsicRules,
};

/** A frame is touched page by page on its way down, so that none jumps over the guard page below the stack. */
const PAGE = 4096;
/** How fast loops are depends on where they lie: not on what lies before their function. */
const LOOPS_ALIGN = 16;

export function compileFunction(func: Func, facts: ModuleFacts): readonly Section[] {
  const lowering = new Lowering(func, facts, rules);
  const machine = lowering.run();
  const allocation = allocate(machine, registerFile);
  const frame: FrameNeeds = {
    saved: allocation.saved,
    slots: allocation.slotCount,
    outgoing: lowering.outgoing,
    calls: lowering.calls,
  };
  const once = write(func, machine, allocation, frame);
  // A cycle of moves through memory wants one slot more, behind all others; that is seen only while writing.
  return once.spareUsed
    ? write(func, machine, allocation, { ...frame, slots: frame.slots + 1 }).sections
    : once.sections;
}

/** Registers that are read back at each return: each is a byte or two, room on the stack takes as much as two. */
const FEW = 3;

interface FrameNeeds {
  readonly saved: readonly number[];
  readonly slots: number;
  readonly outgoing: number;
  readonly calls: boolean;
}

function write(
  func: Func,
  machine: MFunc<Context>,
  allocation: ReturnType<typeof allocate>,
  { saved, slots, outgoing, calls }: FrameNeeds,
): { sections: Section[]; spareUsed: boolean } {
  const a = new Assembler();
  const symbol = symbols.function(func.index);
  let room = outgoing + 8 * slots;
  if (calls && (8 + 8 * saved.length + room) % 16 !== 0) room += 8;
  const frame = room + 8 * saved.length;
  let spareUsed = false;
  const spare = () => {
    spareUsed = true;
    return allocation.slotCount;
  };
  const tables: Label[][] = [];
  let epilogue: Label | undefined;
  const labels = machine.blocks.map(() => a.label());
  let following: MBlock<Context> | undefined;
  let goal: readonly MBlock<Context>[] = [];
  const label = ({ index }: Target) => labels[goal[index]!.index]!;
  const isNext = ({ index }: Target) => goal[index] === following;
  const context: Context = {
    a,
    label,
    isNext,
    jump: (to) => {
      if (!isNext(to)) a.jump(label(to));
    },
    outgoing,
    frame,
    moves: moveWriter(a, { outgoing, frame }, spare),
    // Where there is more to undo than a jump costs, all returns share the first one's instructions.
    leave() {
      if (epilogue !== undefined) return a.jump(epilogue);
      if (saved.length + (room > 0 ? 2 : 0) > FEW) epilogue = a.here();
      if (room > 0) a.alu("add", 8, rsp, { imm: room });
      for (const reg of saved.toReversed()) a.pop(reg);
      a.plain("ret");
    },
    jumpTable(targets) {
      tables.push([...targets]);
      return `${symbol}.table.${tables.length - 1}`;
    },
  };
  a.symbol(symbol);
  for (const reg of saved) a.push(reg);
  for (let down = PAGE; down <= room; down += PAGE) a.test(1, { base: rsp, disp: -down }, rax);
  if (room > 0) a.alu("sub", 8, rsp, { imm: room });
  writeFunction(machine, allocation, {
    context,
    moves: context.moves,
    begin(block, next, targets) {
      a.bind(labels[block.index]!);
      following = next;
      goal = targets;
    },
    from: (at) => a.from(at),
  });
  const hasLoops = machine.blocks.some(({ depth }) => depth > 0);
  const sections = [a.section(`function ${func.name}`, "rx", hasLoops ? LOOPS_ALIGN : 1)];
  tables.forEach((targets, n) =>
    sections.push(
      jumpTable(
        `${symbol}.table.${n}`,
        symbol,
        targets.map((label) => a.offsetOf(label)),
      ),
    ),
  );
  return { sections, spareUsed };
}

function jumpTable(name: string, symbol: string, offsets: readonly number[]): Section {
  const relocations = offsets.map((addend, n) => ({ offset: 8 * n, kind: "abs64" as const, symbol, addend }));
  return dataSection(name, "r", 8, new Uint8Array(8 * offsets.length), [{ name, offset: 0 }], relocations);
}
