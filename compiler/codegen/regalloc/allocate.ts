/**
 * Register allocation: bundles are given registers, the longest first; one that finds none takes that of a bundle with less weight, or is
 * cut up: by loops, then into the stretches where some register is free, at last into single instructions with the rest in memory. In the
 * manner of "regalloc2" and LLVM's greedy allocator; knows no instruction set.
 */
import { type Bundle, Bundles, type Family } from "./bundles.ts";
import { livesOf } from "./lives.ts";
import { Shape } from "./loops.ts";
import { type MFunc, type PReg, REGISTERS, type RegisterFile } from "./mir.ts";
import { Placement } from "./placement.ts";
import { Queue } from "./queue.ts";
import { covers, sizeOf } from "./ranges.ts";
import { RegisterMap } from "./registers.ts";
import { bestZones, loopToCut } from "./split.ts";

/** To save and restore a register that the caller expects unchanged. */
const SAVING = 2;

export function allocate<Context>(func: MFunc<Context>, file: RegisterFile): Placement {
  return new Allocator(func, file).run();
}

class Allocator<Context> {
  readonly func: MFunc<Context>;
  readonly file: RegisterFile;
  readonly lives: ReturnType<typeof livesOf>;
  readonly shape: Shape<Context>;
  readonly bundles: Bundles;
  readonly maps: readonly RegisterMap[];
  readonly queue = new Queue<Bundle>();
  readonly used = new Set<PReg>();
  /** Registers that parts of each family have got. */
  readonly familyRegs = new Map<Family, PReg[]>();

  constructor(func: MFunc<Context>, file: RegisterFile) {
    this.func = func;
    this.file = file;
    this.lives = livesOf(func);
    this.shape = new Shape(func);
    this.bundles = new Bundles(func.vregs);
    this.maps = this.lives.destroyed.map((destroyed) => new RegisterMap(destroyed));
  }

  run(): Placement {
    for (const bundle of this.bundles.initial(this.lives)) this.put(bundle);
    for (let bundle = this.queue.take(); bundle !== undefined; bundle = this.queue.take()) this.place(bundle);
    const saved = this.file.calleeSaved.filter(
      (reg) => this.used.has(reg) || this.maps[reg]!.destroyed.length > 0,
    );
    return new Placement(this.func, this.lives, this.bundles, this.shape, saved);
  }

  put(bundle: Bundle | undefined): void {
    if (bundle === undefined) return;
    // Nothing reads or writes it here: memory costs nothing.
    if (bundle.cost === 0) return;
    this.queue.put(bundle, bundle.minimal ? Number.POSITIVE_INFINITY : sizeOf(bundle.ranges));
  }

  place(bundle: Bundle): void {
    const candidates = this.candidates(bundle);
    if (this.takeFree(bundle, candidates)) return;
    if (this.takeFromOthers(bundle, candidates)) return;
    if (bundle.minimal) throw new Error(`BUG: no register for v${bundle.parts[0]!.vreg} at ${bundle.ranges}`);
    this.cut(bundle, candidates);
  }

  takeFree(bundle: Bundle, candidates: readonly PReg[]): boolean {
    for (const reg of candidates) {
      const map = this.maps[reg]!;
      if (map.isDestroyedIn(bundle.ranges) || map.owners(bundle.ranges).length > 0) continue;
      // Not worth the saving: memory is cheaper.
      if (!bundle.minimal && this.isFresh(reg) && bundle.cost <= SAVING) continue;
      this.assign(bundle, reg);
      return true;
    }
    return false;
  }

  takeFromOthers(bundle: Bundle, candidates: readonly PReg[]): boolean {
    let best: { reg: PReg; owners: Bundle[]; weight: number } | undefined;
    for (const reg of candidates) {
      const map = this.maps[reg]!;
      if (map.isDestroyedIn(bundle.ranges)) continue;
      const owners = map.owners(bundle.ranges);
      const weight = Math.max(...owners.map((owner) => owner.weight));
      if (weight < bundle.weight && weight < (best?.weight ?? Number.POSITIVE_INFINITY))
        best = { reg, owners, weight };
    }
    if (best === undefined) return false;
    for (const owner of best.owners) this.evict(owner, best.reg);
    this.assign(bundle, best.reg);
    return true;
  }

  evict(owner: Bundle, reg: PReg): void {
    this.maps[reg]!.remove(owner);
    owner.reg = undefined;
    this.put(owner);
  }

  cut(bundle: Bundle, candidates: readonly PReg[]): void {
    const loop = loopToCut(bundle, this.shape);
    if (loop !== undefined) {
      const { inside, outside } = this.bundles.carve(bundle, loop.ranges);
      this.put(inside);
      this.put(outside);
      return;
    }
    const zones = bestZones(bundle, candidates, this.maps, this.shape);
    if (zones === undefined || (this.isFresh(zones.reg) && zones.gain <= SAVING))
      return this.toMemory(bundle);
    const { inside, outside } = this.bundles.carve(bundle, zones.region);
    for (const owner of this.maps[zones.reg]!.owners(inside!.ranges)) this.evict(owner, zones.reg);
    this.assign(inside!, zones.reg);
    if (outside !== undefined) this.put(this.bundles.carve(outside, zones.memory).outside);
  }

  toMemory(bundle: Bundle): void {
    for (const piece of this.bundles.dissolve(bundle).minimal) this.put(piece);
  }

  assign(bundle: Bundle, reg: PReg): void {
    bundle.reg = reg;
    this.used.add(reg);
    this.maps[reg]!.add(bundle);
    const regs = this.familyRegs.get(bundle.family) ?? [];
    regs.push(reg);
    this.familyRegs.set(bundle.family, regs);
  }

  isFresh(reg: PReg): boolean {
    return !this.used.has(reg) && this.file.calleeSaved.includes(reg);
  }

  /** All registers, the one that saves most moves first. */
  candidates(bundle: Bundle): readonly PReg[] {
    const scores = Array<number>(REGISTERS).fill(0);
    for (const reg of this.familyRegs.get(bundle.family) ?? []) scores[reg]! += 0.3;
    for (const part of bundle.parts) {
      const { hints, affinities } = this.lives.of[part.vreg]!;
      for (const { at, reg, weight } of hints) if (covers(part.ranges, at)) scores[reg]! += weight;
      for (const affinity of affinities) {
        if (!covers(part.ranges, affinity.own)) continue;
        const other = this.bundles.partAt(affinity.vreg, affinity.at)?.bundle;
        if (other !== undefined && other !== bundle && other.reg !== undefined)
          scores[other.reg]! += affinity.weight;
      }
    }
    for (const reg of this.file.calleeSaved) if (this.isFresh(reg)) scores[reg]! -= SAVING;
    // The sort keeps the order of the file among equals.
    return this.file.allocatable.toSorted((a, b) => scores[b]! - scores[a]!);
  }
}
