/** A model of the other side of a network device for tests of drivers: as Linux's netback goes about it, and strict about what the guest does. */
import type { TestXen } from "./test-hypervisor.ts";
import type { TestStore } from "./test-store.ts";

const state = { initialising: 1, waiting: 2, initialised: 3, connected: 4, closing: 5, closed: 6 } as const;
const MOST_SLOTS = 18;
export const sent = { blank: 1, validated: 2, more: 4, extra: 8 } as const;

export interface SentFrame {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly slots: number;
  /** Of an extra piece of information: bytes in a segment, and which IP. */
  readonly cut?: { readonly size: number; readonly type: number };
}

export interface BackendOptions {
  readonly domain?: number;
  readonly device?: number;
  readonly mac?: string;
  /** Beside what every backend says. */
  readonly features?: Readonly<Record<string, string | number>>;
}

interface Rings {
  readonly port: number;
  readonly references: readonly [transmit: number, receive: number];
}

export class TestNetback {
  readonly domain: number;
  readonly path: string;
  readonly front: string;
  readonly sent: SentFrame[] = [];
  /** A frame was sent: one may be the answer. */
  answer: (frame: Uint8Array) => Uint8Array | undefined = () => undefined;
  /** Sent frames are taken, but not answered. */
  holding = false;
  /** It does not come back after it was closed. */
  leaves = false;
  rings: Rings | undefined;
  readonly xen: TestXen;
  readonly store: TestStore;
  #transmitted = 0;
  #received = 0;
  #held: (readonly [id: number, extra: boolean])[] = [];

  constructor(xen: TestXen, store: TestStore, options: BackendOptions = {}) {
    const { domain = 0, device = 0, mac = "00:16:3e:00:00:02", features = {} } = options;
    this.xen = xen;
    this.store = store;
    this.domain = domain;
    this.front = `/local/domain/1/device/vif/${device}`;
    this.path = `/local/domain/${domain}/backend/vif/1/${device}`;
    for (const [name, value] of Object.entries({ "feature-rx-copy": 1, online: 1, ...features }))
      store.set(`${this.path}/${name}`, value);
    store.set(`${this.path}/state`, state.waiting);
    store.set(`${this.front}/backend-id`, domain);
    store.set(`${this.front}/backend`, this.path);
    store.set(`${this.front}/mac`, mac);
    store.set(`${this.front}/state`, state.initialising);
    store.followers.push((path, value) => {
      if (path === `${this.front}/state`) this.#follow(Number(value ?? 0));
    });
  }

  get state(): number {
    return Number(this.store.get(`${this.path}/state`));
  }

  setState(value: number): void {
    if (this.state !== value) this.store.set(`${this.path}/state`, value);
  }

  #follow(front: number): void {
    if (front === state.initialising && !this.leaves) this.setState(state.waiting);
    else if (front === state.connected && this.state !== state.connected) this.#connect();
    else if (front === state.closing) this.#leave(state.closing);
    else if (front === state.closed) this.#leave(state.closed);
    else if (front === 0) this.#leave(state.closed);
  }

  #connect(): void {
    const number = (name: string) => Number(this.store.get(`${this.front}/${name}`));
    if (number("request-rx-copy") !== 1) throw new Error("pages cannot be flipped");
    const references = [number("tx-ring-ref"), number("rx-ring-ref")] as const;
    for (const each of references) {
      this.xen.granted(each, this.domain, true);
      this.xen.use(each, true);
    }
    const port = number("event-channel");
    this.xen.bind(port, this.domain, () => this.work());
    this.rings = { port, references };
    this.#transmitted = 0;
    this.#received = 0;
    this.#held = [];
    this.setState(state.connected);
    this.work();
  }

  #leave(to: number): void {
    this.unmap();
    this.setState(to);
  }

  /** Lets go of what the guest granted. */
  unmap(): void {
    if (this.rings === undefined) return;
    for (const each of this.rings.references) this.xen.use(each, false);
    this.xen.unbind(this.rings.port);
    this.rings = undefined;
  }

  /** The backend itself goes, as when its domain is shut down or `xl network-detach` asks for it. */
  close(): void {
    this.setState(state.closing);
  }

  /** It has died: nobody says anything any more. */
  die({ unmaps = true } = {}): void {
    if (unmaps) this.unmap();
    else this.rings = undefined;
    this.store.set(this.path, undefined);
    this.store.set(this.front, undefined);
  }

  ring(which: 0 | 1): DataView {
    const { buffer, byteOffset } = this.xen.granted(this.rings!.references[which], this.domain, true);
    return new DataView(buffer, byteOffset, 4096);
  }

  /** Takes what the guest sends. */
  work(): void {
    if (this.rings === undefined) return;
    const ring = this.ring(0);
    const produced = ring.getUint32(0, true);
    if ((produced - this.#transmitted) >>> 0 > 256) throw new Error("more requests than the ring holds");
    while (this.#transmitted !== produced) {
      this.#take(ring);
      if (this.rings === undefined) return;
    }
    ring.setUint32(4, produced + 1, true);
  }

  #next(ring: DataView): {
    at: number;
    reference: number;
    offset: number;
    flags: number;
    id: number;
    size: number;
  } {
    const at = 64 + (this.#transmitted & 255) * 12;
    this.#transmitted = (this.#transmitted + 1) >>> 0;
    return {
      at,
      reference: ring.getUint32(at, true),
      offset: ring.getUint16(at + 4, true),
      flags: ring.getUint16(at + 6, true),
      id: ring.getUint16(at + 8, true),
      size: ring.getUint16(at + 10, true),
    };
  }

  #take(ring: DataView): void {
    const first = this.#next(ring);
    const answers: [number, boolean][] = [[first.id, false]];
    let cut: SentFrame["cut"];
    if ((first.flags & sent.extra) !== 0) {
      const { at } = this.#next(ring);
      if (ring.getUint8(at) !== 1 || ring.getUint8(at + 1) !== 0) throw new Error("an unknown extra piece");
      cut = { size: ring.getUint16(at + 2, true), type: ring.getUint8(at + 4) };
      if (!this.#says(`feature-gso-tcpv${cut.type === 1 ? 4 : 6}`)) throw new Error("nobody offered to cut");
      // Netback leaves there what was there: its first bytes look like an id.
      answers.push([1, true]);
    }
    const rest: (typeof first)[] = [];
    for (let flags = first.flags; (flags & sent.more) !== 0; flags = rest.at(-1)!.flags) {
      if (!this.#says("feature-sg")) throw new Error("nobody offered to gather");
      rest.push(this.#next(ring));
      answers.push([rest.at(-1)!.id, false]);
    }
    if (rest.length + 1 > MOST_SLOTS) throw new Error(`a frame in ${rest.length + 1} slots`);
    // The first request has the size of all.
    const head = first.size - rest.reduce((sum, { size }) => sum + size, 0);
    const pieces = [{ ...first, size: head }, ...rest].map(({ reference, offset, size }) => {
      if (size <= 0 || offset + size > 4096) throw new Error("a piece that crosses its page");
      return this.xen.granted(reference, this.domain, false).slice(offset, offset + size);
    });
    const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
    const type = (bytes[12]! << 8) | bytes[13]!;
    if ((first.flags & sent.blank) !== 0 && type !== 0x0800 && type !== 0x86dd)
      throw new Error("netback completes checksums of IP alone");
    if (new Set(answers.filter(([, extra]) => !extra).map(([id]) => id)).size !== rest.length + 1)
      throw new Error("two requests with one id");
    this.sent.push({
      bytes,
      flags: first.flags,
      slots: rest.length + 1,
      ...(cut === undefined ? {} : { cut }),
    });
    this.#held.push(...answers);
    if (!this.holding) this.release();
    const answer = this.answer(bytes);
    if (answer !== undefined) this.receive(answer);
  }

  #says(feature: string): boolean {
    return this.store.get(`${this.path}/${feature}`) === "1";
  }

  /** Answers to what was sent. */
  release(): void {
    for (const [id, extra] of this.#held.splice(0)) this.answerSent(id, extra ? 1 : 0);
  }

  /** An answer in the ring of sent frames. */
  answerSent(id: number, how: number): void {
    const ring = this.ring(0);
    const produced = ring.getUint32(8, true);
    const at = 64 + (produced & 255) * 12;
    ring.setUint16(at, id, true);
    ring.setUint16(at + 2, how, true);
    this.#publish(ring, produced);
  }

  /** A frame for the guest, in one piece, or in several of `size` bytes. False when there is no page left. */
  receive(frame: Uint8Array, flags = 0, size = frame.length): boolean {
    const ring = this.ring(1);
    const there = (ring.getUint32(0, true) - this.#received) >>> 0;
    const count = Math.ceil(frame.length / size);
    if (there < count) return false;
    for (let n = 0; n < count; n++) {
      const piece = frame.subarray(n * size, (n + 1) * size);
      const at = 64 + (this.#received & 255) * 8;
      const page = this.xen.granted(ring.getUint32(at + 4, true), this.domain, true);
      page.set(piece);
      this.answerReceived(0, flags | (n + 1 < count ? 4 : 0), piece.length);
    }
    return true;
  }

  /** An answer in the ring of received frames, to the request whose turn it is. */
  answerReceived(offset: number, flags: number, size: number, id?: number): void {
    const ring = this.ring(1);
    const at = 64 + (this.#received & 255) * 8;
    this.#received = (this.#received + 1) >>> 0;
    ring.setUint16(at, id ?? ring.getUint16(at, true), true);
    ring.setUint16(at + 2, offset, true);
    ring.setUint16(at + 4, flags, true);
    ring.setUint16(at + 6, size, true);
    this.#publish(ring, ring.getUint32(8, true));
  }

  /** Pages that the guest has asked to be written to. */
  receivePages(): Uint8Array[] {
    const ring = this.ring(1);
    const count = (ring.getUint32(0, true) - this.#received) >>> 0;
    return Array.from({ length: count }, (_, n) =>
      this.xen.granted(ring.getUint32(64 + ((this.#received + n) & 255) * 8 + 4, true), this.domain, true),
    );
  }

  /** The grant in the request for a received frame at this place of the ring, and of a sent one. */
  receiveReference(place: number): number {
    return this.ring(1).getUint32(64 + place * 8 + 4, true);
  }

  sentReference(place: number): number {
    return this.ring(0).getUint32(64 + place * 12, true);
  }

  /** Where in memory the last answer about a received frame is. */
  lastAnswer(): number {
    const ring = this.ring(1);
    return this.xen.addressOf(ring) + 64 + ((this.#received - 1) & 255) * 8;
  }

  #publish(ring: DataView, produced: number): void {
    ring.setUint32(8, (produced + 1) >>> 0, true);
    const event = ring.getUint32(12, true);
    if ((produced + 1 - event) >>> 0 < 1) this.tell();
  }

  tell(): void {
    this.xen.raise(this.rings!.port);
  }
}
