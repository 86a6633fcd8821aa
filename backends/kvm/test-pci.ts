/** A virtio device over PCI for tests of drivers: configuration space by ports, one memory bar, the structures in it, MSI-X. */
import type { TestMachine } from "./test-machine.ts";
import type { NetDevice } from "./test-virtio.ts";

export interface PciOptions {
  /** Entries of the MSI-X table. */
  readonly entries: number;
  /** It can also be notified at a port, and says so before it names the place in memory. */
  readonly notifyPort?: boolean;
  /** Firmware has left all messages masked. */
  readonly masked?: boolean;
}

const BAR = 0xfe00_0000;
const PORTS = 0xc000;
const NOTIFY = 0x1000;
const CONFIG = 0x2000;
const TABLE = 0x3000;
const NO_VECTOR = 0xffff;
const MASK_ALL = 0x4000_0000;
const ENABLE = 0x8000_0000;

/** Puts the device at 0:1.0. */
export function pciDevice(machine: TestMachine, device: NetDevice, options: PciOptions): void {
  const { entries, notifyPort = false, masked = false } = options;
  const space = new Map<number, number>([
    [0x00, 0x1041_1af4],
    [0x10, PORTS | 1],
    [0x20, BAR],
    [0x34, 0x40],
  ]);
  let last = 0x34;
  const capability = (at: number, words: readonly number[]) => {
    if (last !== 0x34) space.set(last, (space.get(last)! & ~0xff00) | (at << 8));
    words.forEach((word, n) => void space.set(at + 4 * n, word >>> 0));
    last = at;
  };
  const part = (at: number, type: number, bar: number, offset: number, more: readonly number[] = []) =>
    capability(at, [(type << 24) | 9, bar, offset, 0x1000, ...more]);
  part(0x40, 1, 4, 0);
  if (notifyPort) part(0x50, 2, 0, 0, [4]);
  part(0x70, 2, 4, NOTIFY, [4]);
  part(0x90, 4, 4, CONFIG);
  capability(0xb0, [((entries - 1) << 16) | 0x11 | (masked ? MASK_ALL : 0), TABLE | 4, 0]);
  configurationPorts(machine, space);
  const vectors = { config: NO_VECTOR, queues: [NO_VECTOR, NO_VECTOR] };
  const table = new Uint32Array(4 * entries).fill(1);
  const raise = (entry: number) => {
    const control = space.get(0xb0)!;
    if (entry >= entries || (control & ENABLE) === 0 || (control & MASK_ALL) !== 0) return;
    if ((table[4 * entry + 3]! & 1) === 0) machine.raise(table[4 * entry + 2]!);
  };
  device.interrupt = (queue) => raise(queue < 0 ? vectors.config : vectors.queues[queue]!);
  machine.regions.push({
    from: BigInt(BAR),
    to: BigInt(BAR + 0x4000),
    read: (offset, size) => {
      if (offset >= TABLE) return table[(offset - TABLE) >> 2]!;
      if (offset >= CONFIG) return little((at) => device.config(offset - CONFIG + at), size);
      return common(device, vectors).read(offset);
    },
    write: (offset, _size, value) => {
      if (offset >= TABLE) table[(offset - TABLE) >> 2] = value;
      else if (offset >= NOTIFY) device.notified((offset - NOTIFY) >> 2);
      // A vector that the device does not have is refused (Virtual I/O Device 1.2, 4.1.5.1.2).
      else
        common(device, vectors).write(
          offset,
          (offset === 16 || offset === 26) && value >= entries ? NO_VECTOR : value,
        );
    },
  });
}

const little = (byte: (at: number) => number, size: number): number =>
  Array.from({ length: size }, (_, at) => byte(at) * 256 ** at).reduce((a, b) => a + b);

function configurationPorts(machine: TestMachine, space: Map<number, number>): void {
  let address = 0;
  machine.ports.push({
    from: 0xcf8n,
    to: 0xd00n,
    read: (port) => {
      if (port === 0xcf8) return address;
      if (((address >>> 8) & 0xffff) !== 8) return 0xffff_ffff;
      return space.get(address & 0xfc) ?? 0;
    },
    write: (port, _size, value) => {
      if (port === 0xcf8) address = value;
      else if ((address & 0xfc) < 0x10 || (address & 0xfc) > 0x24) space.set(address & 0xfc, value);
    },
  });
}

const pages = new WeakMap<NetDevice, { offered: number; accepted: number }>();

/** The common configuration structure. */
function common(device: NetDevice, vectors: { config: number; queues: number[] }) {
  const page = pages.get(device) ?? { offered: 0, accepted: 0 };
  pages.set(device, page);
  const queue = device.queues[device.selected]!;
  const registers: Readonly<Record<number, () => number>> = {
    4: () => Number((device.offered >> BigInt(32 * page.offered)) & 0xffff_ffffn),
    20: () => device.status,
    21: () => device.generation,
    24: () => queue.size,
    30: () => device.selected,
  };
  const write = (offset: number, value: number): void => {
    if (offset === 0) page.offered = value;
    else if (offset === 8) page.accepted = value;
    else if (offset === 12) device.accepted |= BigInt(value >>> 0) << BigInt(32 * page.accepted);
    else if (offset === 16) vectors.config = value;
    else if (offset === 20) device.setStatus(value);
    else if (offset === 22) device.selected = value;
    else if (offset === 24) queue.size = value;
    else if (offset === 26) vectors.queues[device.selected] = value;
    else if (offset === 28) queue.ready = value === 1;
    else if (offset >= 32 && offset < 56) {
      const name = (["desc", "avail", "used"] as const)[(offset - 32) >> 3]!;
      const half = (offset & 4) !== 0 ? 32n : 0n;
      queue[name] = (queue[name] & ~(0xffff_ffffn << half)) | (BigInt(value >>> 0) << half);
    }
  };
  return { read: (offset: number): number => registers[offset]?.() ?? 0, write };
}
