/** A model of the other side of a block device for tests of drivers: as Linux's blkback goes about it, and strict about what the guest does. */
import type { TestXen } from "./test-hypervisor.ts";
import type { TestStore } from "./test-store.ts";

const state = { initialising: 1, waiting: 2, initialised: 3, connected: 4, closing: 5, closed: 6 } as const;
const ENTRY = 112;
const UNIT = 512;
const READ_ONLY = 4;
export const operations = { read: 0, write: 1, barrier: 2, flush: 3, discard: 5 } as const;

export interface BlockOptions {
  readonly domain?: number;
  readonly device?: number;
  /** Units of 512 bytes. */
  readonly units?: number;
  readonly sectorSize?: number;
  readonly readOnly?: boolean;
  /** Beside what every backend says. */
  readonly features?: Readonly<Record<string, string | number | undefined>>;
}

export interface Asked {
  readonly id: number;
  readonly operation: number;
  /** In units of 512 bytes. */
  readonly sector: number;
  readonly pieces: readonly {
    readonly reference: number;
    readonly first: number;
    readonly last: number;
  }[];
  /** Of a discard. */
  readonly units: number;
}

export class TestBlkback {
  readonly domain: number;
  readonly path: string;
  readonly front: string;
  /** What it stores. */
  readonly disk: Uint8Array;
  /** Every request, in the order of arrival. */
  readonly asked: Asked[] = [];
  /** Requests are taken, and answered later. */
  holding = false;
  readonly held: Asked[] = [];
  /** It does not come back after it was closed. */
  leaves = false;
  /** It hears nothing any more. */
  deaf = false;
  rings: { readonly port: number; readonly references: readonly number[] } | undefined;
  readonly xen: TestXen;
  readonly store: TestStore;
  readonly #options: BlockOptions;
  #taken = 0;

  constructor(xen: TestXen, store: TestStore, options: BlockOptions = {}) {
    const { domain = 0, device = 51712, units = 2048, features = {} } = options;
    this.#options = options;
    this.xen = xen;
    this.store = store;
    this.domain = domain;
    this.disk = new Uint8Array(units * UNIT);
    this.front = `/local/domain/1/device/vbd/${device}`;
    this.path = `/local/domain/${domain}/backend/vbd/1/${device}`;
    for (const [name, value] of Object.entries({ "max-ring-page-order": 4, online: 1, ...features }))
      if (value !== undefined) store.set(`${this.path}/${name}`, value);
    store.set(`${this.path}/state`, state.waiting);
    this.appear();
    store.followers.push((path, value) => {
      if (path === `${this.front}/state` && !this.deaf) this.#follow(Number(value ?? 0));
    });
  }

  /** The toolstack makes our side's folder. */
  appear(): void {
    this.store.set(`${this.front}/backend-id`, this.domain);
    this.store.set(`${this.front}/backend`, this.path);
    this.store.set(`${this.front}/state`, state.initialising);
  }

  get state(): number {
    return Number(this.store.get(`${this.path}/state`));
  }

  setState(value: number): void {
    if (this.state !== value) this.store.set(`${this.path}/state`, value);
  }

  #follow(front: number): void {
    if (front === state.initialising && !this.leaves) this.setState(state.waiting);
    else if (front === state.initialised && this.state === state.waiting) this.#connect();
    else if (front === state.closed || front === 0) {
      this.unmap();
      this.setState(state.closed);
    }
  }

  #connect(): void {
    const text = (name: string) => this.store.get(`${this.front}/${name}`);
    if (text("protocol") !== "x86_64-abi") throw new Error("another layout");
    const order = text("ring-page-order");
    const names =
      order === undefined
        ? ["ring-ref"]
        : Array.from({ length: 1 << Number(order) }, (_, n) => `ring-ref${n}`);
    const references = names.map((name) => Number(text(name)));
    for (const each of references) {
      this.xen.granted(each, this.domain, true);
      this.xen.use(each, true);
    }
    const port = Number(text("event-channel"));
    this.xen.bind(port, this.domain, () => this.work());
    this.rings = { port, references };
    this.#taken = 0;
    const { sectorSize = UNIT, units = 2048, readOnly = false, features = {} } = this.#options;
    const says = {
      "feature-flush-cache": 1,
      "feature-persistent": 1,
      sectors: units,
      "sector-size": sectorSize,
      info: readOnly ? READ_ONLY : 0,
      ...features,
    };
    for (const [name, value] of Object.entries(says))
      if (value !== undefined) this.store.set(`${this.path}/${name}`, value);
    this.setState(state.connected);
    this.work();
  }

  /** Lets go of what the guest granted. */
  unmap(): void {
    if (this.rings === undefined) return;
    for (const each of this.rings.references) this.xen.use(each, false);
    this.xen.unbind(this.rings.port);
    this.rings = undefined;
    this.held.length = 0;
  }

  /** The device is gone, as after `xl block-detach --force`, or when the other side's domain has died for good. */
  vanish(): void {
    this.unmap();
    this.store.set(this.path, undefined);
    this.store.set(this.front, undefined);
  }

  /** The other side has died and has started again: it knows nothing of what it was asked. */
  rise(): void {
    this.unmap();
    this.store.set(`${this.path}/state`, state.waiting);
  }

  /** A page of the ring, as the guest and we see it. */
  page(n: number): DataView {
    const { buffer, byteOffset } = this.xen.granted(this.rings!.references[n]!, this.domain, true);
    return new DataView(buffer, byteOffset, 4096);
  }

  get size(): number {
    return 32 * this.rings!.references.length;
  }

  /** Where a field of an entry is. */
  #field(entry: number, offset: number): readonly [DataView, number] {
    const at = 64 + (entry & (this.size - 1)) * ENTRY + offset;
    return [this.page(at >> 12), at & 4095];
  }
  #word(entry: number, offset: number): bigint {
    const [view, at] = this.#field(entry, offset);
    return view.getBigUint64(at, true);
  }

  /** Takes what the guest asks. */
  work(): void {
    if (this.rings === undefined) return;
    const produced = this.page(0).getUint32(0, true);
    if ((produced - this.#taken) >>> 0 > this.size) throw new Error("more requests than the ring holds");
    while (this.#taken !== produced) {
      const request = this.#read(this.#taken);
      this.#taken = (this.#taken + 1) >>> 0;
      this.asked.push(request);
      if (this.holding) this.held.push(request);
      else this.answer(request);
    }
    this.page(0).setUint32(4, produced + 1, true);
  }

  #read(entry: number): Asked {
    const head = this.#word(entry, 0);
    const operation = Number(head & 255n);
    const count = Number((head >> 8n) & 255n);
    if (count > 11) throw new Error(`${count} pieces`);
    if (this.held.some(({ id }) => BigInt(id) === this.#word(entry, 8)))
      throw new Error("two requests with one id");
    return {
      id: Number(this.#word(entry, 8)),
      operation,
      sector: Number(this.#word(entry, 16)),
      units: operation === operations.discard ? Number(this.#word(entry, 24)) : 0,
      pieces: Array.from({ length: count }, (_, n) => {
        const piece = this.#word(entry, 24 + 8 * n);
        return {
          reference: Number(piece & 0xffff_ffffn),
          first: Number((piece >> 32n) & 255n),
          last: Number((piece >> 40n) & 255n),
        };
      }),
    };
  }

  /** Does what is asked, as it should be done, and says so. */
  answer(request: Asked): void {
    this.do(request);
    this.say(request.id, request.operation, 0);
  }

  do({ operation, sector, pieces, units }: Asked): void {
    const { sectorSize = UNIT, readOnly = false } = this.#options;
    let at = sector * UNIT;
    if (at % sectorSize !== 0) throw new Error("a part of a sector");
    if (operation === operations.discard) this.disk.fill(0, at, at + units * UNIT);
    for (const { reference, first, last } of pieces) {
      if (first > last || last > 7) throw new Error("a piece that crosses its page");
      const page = this.xen.granted(reference, this.domain, operation === operations.read);
      const length = (last - first + 1) * UNIT;
      if (at + length > this.disk.length) throw new Error("no such sector");
      const piece = page.subarray(first * UNIT, first * UNIT + length);
      if (operation === operations.read) piece.set(this.disk.subarray(at, at + length));
      else if (readOnly) throw new Error("a write to what is read only");
      else this.disk.set(piece, at);
      at += length;
    }
  }

  /** An answer; any. */
  say(id: number | bigint, operation: number, status: number): void {
    if (this.rings === undefined) return;
    const produced = this.page(0).getUint32(8, true);
    const [view, at] = this.#field(produced, 0);
    view.setBigUint64(at, BigInt.asUintN(64, BigInt(id)), true);
    const [other, behind] = this.#field(produced, 8);
    other.setUint8(behind, operation);
    other.setInt16(behind + 2, status, true);
    this.page(0).setUint32(8, (produced + 1) >>> 0, true);
    if ((produced + 1 - this.page(0).getUint32(12, true)) >>> 0 < 1) this.tell();
  }

  /** Answers what was held. */
  release(): void {
    for (const each of this.held.splice(0)) this.answer(each);
  }

  tell(): void {
    this.xen.raise(this.rings!.port);
  }
}
