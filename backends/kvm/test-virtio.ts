/** A model of a virtio network device for tests: queues as the standard says, written from the device's side. */
import type { GuestMemory } from "./test-machine.ts";

export interface DeviceFeatures {
  readonly eventIndex: boolean;
  readonly checksum: boolean;
  readonly mtu?: number;
  readonly queueSize?: number;
}

const VIRTIO_F_VERSION_1 = 1n << 32n;
const VIRTIO_F_EVENT_IDX = 1n << 29n;
const NET_F = { csum: 1n << 0n, guestCsum: 1n << 1n, mtu: 1n << 3n, mac: 1n << 5n, status: 1n << 16n };
const WRITE = 2;
const HEADER = 12;

class Queue {
  size: number;
  desc = 0n;
  avail = 0n;
  used = 0n;
  ready = false;
  /** How far the device has read the available ring, and written the used ring. */
  seen = 0;
  written = 0;
  notifications = 0;
  interrupts = 0;
  constructor(size: number) {
    this.size = size;
  }
}

export class NetDevice {
  readonly memory: GuestMemory;
  readonly features: DeviceFeatures;
  readonly offered: bigint;
  accepted = 0n;
  status = 0;
  isr = 0;
  generation = 0;
  up = true;
  selected = 0;
  queues: Queue[];
  /** Frames that the driver sent, with their headers of 12 bytes. */
  readonly sent: Uint8Array[] = [];
  /** When an interrupt is to be raised. */
  interrupt: (queue: number) => void = () => {};
  /** Frames are answered at once, as a fast network does. */
  answer: (frame: Uint8Array) => Uint8Array | undefined = () => undefined;

  constructor(memory: GuestMemory, features: DeviceFeatures) {
    this.memory = memory;
    this.features = features;
    this.offered =
      VIRTIO_F_VERSION_1 |
      NET_F.mac |
      NET_F.status |
      (features.eventIndex ? VIRTIO_F_EVENT_IDX : 0n) |
      (features.checksum ? NET_F.csum | NET_F.guestCsum : 0n) |
      (features.mtu === undefined ? 0n : NET_F.mtu);
    this.queues = this.fresh();
  }

  fresh(): Queue[] {
    return [0, 1].map(() => new Queue(this.features.queueSize ?? 256));
  }

  setStatus(value: number): void {
    this.status = value;
    if (value !== 0) return;
    this.queues = this.fresh();
    this.isr = 0;
    this.accepted = 0n;
  }

  /** Configuration space: MAC, status, number of queue pairs, MTU. */
  config(offset: number): number {
    const bytes = [2, 0, 0, 0, 0xab, 0xcd, this.up ? 1 : 0, 0, 1, 0, ...u16(this.features.mtu ?? 0)];
    return bytes[offset] ?? 0;
  }

  private get events(): boolean {
    return (this.accepted & VIRTIO_F_EVENT_IDX) !== 0n;
  }

  private available(queue: Queue): number {
    return this.memory.u16(queue.avail + 2n);
  }

  /** The driver's notification. */
  notified(index: number): void {
    const queue = this.queues[index]!;
    queue.notifications++;
    if ((this.status & 4) === 0) throw new Error("a queue was notified before DRIVER_OK");
    if (index === 1) this.transmit();
    this.wantNotifications(queue);
  }

  private wantNotifications(queue: Queue): void {
    if (this.events) this.memory.setU16(queue.used + 4n + 8n * BigInt(queue.size), queue.seen);
  }

  private next(queue: Queue): { id: number; address: bigint; length: number; flags: number } | undefined {
    if (queue.seen === this.available(queue)) return undefined;
    const id = this.memory.u16(queue.avail + 4n + 2n * BigInt(queue.seen % queue.size));
    if (id >= queue.size) throw new Error(`descriptor ${id} of a queue of ${queue.size}`);
    queue.seen = (queue.seen + 1) & 0xffff;
    const at = queue.desc + 16n * BigInt(id);
    return {
      id,
      address: this.memory.u64(at),
      length: this.memory.u32(at + 8n),
      flags: this.memory.u16(at + 12n),
    };
  }

  private use(index: number, id: number, length: number): void {
    const queue = this.queues[index]!;
    const at = queue.used + 4n + 8n * BigInt(queue.written % queue.size);
    this.memory.setU32(at, id);
    this.memory.setU32(at + 4n, length);
    const before = queue.written;
    queue.written = (queue.written + 1) & 0xffff;
    this.memory.setU16(queue.used + 2n, queue.written);
    if (this.isInterruptWanted(queue, before)) {
      queue.interrupts++;
      this.isr |= 1;
      this.interrupt(index);
    }
  }

  private isInterruptWanted(queue: Queue, before: number): boolean {
    if (!this.events) return (this.memory.u16(queue.avail) & 1) === 0;
    const event = this.memory.u16(queue.avail + 4n + 2n * BigInt(queue.size));
    return ((queue.written - event - 1) & 0xffff) < ((queue.written - before) & 0xffff);
  }

  private transmit(): void {
    const queue = this.queues[1]!;
    for (let each = this.next(queue); each !== undefined; each = this.next(queue)) {
      if (each.flags !== 0) throw new Error("a frame to send in a buffer for the device to write");
      const frame = this.memory.bytes(each.address, each.length).slice();
      this.sent.push(frame);
      this.use(1, each.id, 0);
      const answer = this.answer(frame.subarray(HEADER));
      if (answer !== undefined) this.receive(answer);
    }
  }

  /** A frame comes in; false when the driver has given no buffer. */
  receive(frame: Uint8Array, flags = 0): boolean {
    const buffer = this.next(this.queues[0]!);
    if (buffer === undefined) return false;
    if ((buffer.flags & WRITE) === 0 || buffer.length < frame.length + HEADER)
      throw new Error("a buffer that does not suit");
    const to = this.memory.bytes(buffer.address, frame.length + HEADER);
    to.fill(0);
    to[0] = flags;
    to[10] = 1;
    to.set(frame, HEADER);
    this.use(0, buffer.id, frame.length + HEADER);
    return true;
  }

  /** The configuration changed. */
  change(): void {
    this.generation++;
    this.isr |= 2;
    this.interrupt(-1);
  }
}

const u16 = (value: number): number[] => [value & 255, value >> 8];
