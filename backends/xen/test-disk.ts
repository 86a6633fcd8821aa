/** A guest that does with its disks what a test tells it, on the model of the hypervisor. */
import { type BlockOptions, TestBlkback } from "./test-blkback.ts";
import { type Guest, type Program, startGuest } from "./test-guest.ts";
import type { GuestOptions, TestXen } from "./test-hypervisor.ts";
import type { TestStore } from "./test-store.ts";

/** A page in which test and guest tell each other. */
const BOX = 0x7000;
const RESULTS = 2048;
const ROOM = 32;

export const operation = { read: 0, write: 1, flush: 2, discard: 3 } as const;
export const outcomes = ["done", "failed", "refused", "gone"] as const;

const program = (requests: number, pages: number): Program => ({
  use: ["console", "log", "events", "clock", "store", "control", "disks", "loop"],
  hooks: ["prepare", "poll"],
  own: `import { device } from "./disks";
import { load64, store64 } from "../backends/xen/drivers/hw";
import { Device } from "../stdlib/block/device";
let disk: Device | null = null;
let done: u64 = 0;
let told: u64 = 0;
export function prepare(): void { disk = device(0); disk!.reserve(${requests}, ${pages * 4096}); }
export function poll(now: u64): void {
  const it = disk!;
  let more = true;
  while (more) {
    more = false;
    for (let each = it.completed(); each != null; each = it.completed()) {
      more = true;
      const size = each.operation == 0 && each.outcome == 0 ? each.count * it.sectorSize : 0;
      let same: u64 = 1;
      for (let at: u32 = 0; at < size; at += 8) if (each.bytes.le64(at) != each.bytes.le64(0)) same = 0;
      const to: u64 = ${BOX + RESULTS + 8} + (told % ${ROOM}) * 24;
      store64(to, <u64>each.token | (<u64>each.outcome << 32) | (same << 40));
      store64(to + 8, size > 0 ? each.bytes.le64(0) : 0);
      told += 1;
      it.release(each);
    }
    while (done != load64(${BOX})) {
      const each = it.allocate();
      if (each == null) break;
      more = true;
      const from: u64 = ${BOX + 64} + (done % ${ROOM}) * 32;
      each.operation = <u32>load64(from);
      each.sector = load64(from + 8);
      each.count = <u32>load64(from + 16);
      each.token = <u32>done;
      if (each.operation == 1) for (let at: u32 = 0; at < each.bytes.length; at += 8) each.bytes.setLe64(at, load64(from + 24));
      it.submit(each);
      done += 1;
    }
  }
  it.publish();
  store64(${BOX + RESULTS}, told);
  store64(${BOX + 8}, (it.ready ? 1 : 0) | (it.readOnly ? 2 : 0) | (it.flushes ? 4 : 0) | (it.discards ? 8 : 0) | ((<u64>it.life) << 8) | ((<u64>it.sectorSize) << 16) | ((<u64>it.physicalSize) << 32));
  store64(${BOX + 16}, it.sectors);
}
`,
});

export interface Result {
  /** Which one of the requests, in the order in which the test asked. */
  readonly token: number;
  readonly outcome: (typeof outcomes)[number];
  /** What was read, where all words are the same. */
  readonly value: bigint | undefined;
}

export class DiskGuest {
  readonly guest: Guest;
  readonly back: TestBlkback;
  #told = 0;

  constructor(guest: Guest, back: TestBlkback) {
    this.guest = guest;
    this.back = back;
  }

  get xen(): TestXen {
    return this.guest.xen;
  }
  get store(): TestStore {
    return this.guest.store;
  }
  settle(): void {
    this.guest.settle();
  }

  get #box(): DataView {
    return this.xen.view(BOX, 4096);
  }

  /** The guest hands a request over, at its next turn; gives the request's token. */
  ask(operation: number, sector: number | bigint, count: number, value = 0n): number {
    const box = this.#box;
    const number = box.getBigUint64(0, true);
    const at = 64 + (Number(number) % ROOM) * 32;
    box.setBigUint64(at, BigInt(operation), true);
    box.setBigUint64(at + 8, BigInt(sector), true);
    box.setBigUint64(at + 16, BigInt(count), true);
    box.setBigUint64(at + 24, value, true);
    box.setBigUint64(0, number + 1n, true);
    return Number(number);
  }

  /** What has ended since the last call. */
  ended(): Result[] {
    const box = this.#box;
    const count = Number(box.getBigUint64(RESULTS, true));
    if (count - this.#told > ROOM) throw new Error("more has ended than the box holds");
    const results: Result[] = [];
    for (; this.#told < count; this.#told++) {
      const at = RESULTS + 8 + (this.#told % ROOM) * 24;
      const word = box.getBigUint64(at, true);
      const isSame = ((word >> 40n) & 1n) === 1n;
      results.push({
        token: Number(word & 0xffff_ffffn),
        outcome: outcomes[Number((word >> 32n) & 255n)]!,
        value: isSame ? box.getBigUint64(at + 8, true) : undefined,
      });
    }
    return results;
  }

  /** Asks, lets the guest run, and gives what came of it. */
  tried(operation: number, sector: number | bigint, count: number, value = 0n): Result | undefined {
    const token = this.ask(operation, sector, count, value);
    this.settle();
    return this.ended().find((each) => each.token === token);
  }

  get disk() {
    const box = this.#box;
    const word = box.getBigUint64(8, true);
    const bit = (n: bigint) => (word & n) !== 0n;
    return {
      ready: bit(1n),
      readOnly: bit(2n),
      flushes: bit(4n),
      discards: bit(8n),
      life: Number((word >> 8n) & 255n),
      sectorSize: Number((word >> 16n) & 0xffffn),
      physicalSize: Number(word >> 32n),
      sectors: Number(box.getBigUint64(16, true)),
    };
  }
}

export interface DiskOptions {
  readonly requests?: number;
  readonly pages?: number;
  readonly guest?: GuestOptions;
  readonly before?: (store: TestStore) => void;
}

/** A guest with one disk, which has found its other side. */
export async function withDisk(
  block: BlockOptions = {},
  { requests = 16, pages = 2, guest = {}, before = () => {} }: DiskOptions = {},
): Promise<DiskGuest> {
  let back: TestBlkback | undefined;
  const started = await startGuest(
    program(requests, pages),
    (xen, store) => {
      xen.pages.set(BOX / 4096, new Uint8Array(4096));
      back = new TestBlkback(xen, store, block);
      before(store);
    },
    guest,
  );
  started.settle();
  return new DiskGuest(started, back!);
}
