/** A model of XenStore for tests of drivers: a tree of texts, watches and transactions, and the ring in which the guest asks. */
import { frames, ports, type TestXen } from "./test-hypervisor.ts";

const HOME = "/local/domain/1/";
const RING = 1024;
const type = {
  list: 1,
  read: 2,
  watch: 4,
  unwatch: 5,
  start: 6,
  end: 7,
  write: 11,
  remove: 13,
  event: 15,
  error: 16,
  reset: 21,
};

export class TestStore {
  readonly tree = new Map<string, string>();
  watches: readonly { readonly path: string; readonly token: string }[] = [];
  /** What the guest has asked, as `TYPE path`. */
  readonly asked: string[] = [];
  /** How many bytes of an answer come at a time. */
  pace = RING;
  /** How many transactions fail because somebody else was faster. */
  disturbances = 0;
  /** Answers nothing. */
  silent = false;
  /** The guest may not write or remove anything below these paths. */
  locked: readonly string[] = [];
  /** Of the toolstack and of other sides: who wants to know that a text has changed. */
  readonly followers: ((path: string, value: string | undefined) => void)[] = [];
  /** Makes what is sent something else. */
  forge: (message: Uint8Array) => Uint8Array = (message) => message;
  readonly #xen: TestXen;
  #in: number[] = [];
  #out: number[] = [];
  #transactions = new Map<number, Map<string, string | undefined>>();
  #lastTransaction = 0;

  constructor(xen: TestXen) {
    this.#xen = xen;
    xen.ports.get(ports.store)!.heard = () => this.work();
  }

  get(path: string): string | undefined {
    return this.tree.get(absolute(path));
  }

  /** Somebody writes; undefined removes, with all that is below. */
  set(path: string, value: string | number | undefined): void {
    const at = absolute(path);
    const changed = [at];
    if (value !== undefined) this.tree.set(at, String(value));
    else
      for (const each of [...this.tree.keys()])
        if (each === at || each.startsWith(`${at}/`)) {
          this.tree.delete(each);
          if (each !== at) changed.push(each);
        }
    for (const watch of this.watches)
      if (
        `${at}/`.startsWith(`${absolute(watch.path)}/`) ||
        (value === undefined && `${absolute(watch.path)}/`.startsWith(`${at}/`))
      )
        this.#fire(watch.path, at, watch.token);
    for (const each of this.followers) for (const path of changed) each(path, this.tree.get(path));
  }

  /** A message to the guest. */
  send(kind: number, id: number, text: string, transaction = 0): void {
    const payload = new TextEncoder().encode(text);
    const message = new Uint8Array(16 + payload.length);
    new Uint32Array(message.buffer, 0, 4).set([kind, id, transaction, payload.length]);
    message.set(payload, 16);
    this.#out.push(...this.forge(message));
    this.#push();
  }

  #fire(asked: string, at: string, token: string): void {
    const path = asked.startsWith("/") ? at : at.slice(HOME.length);
    this.send(type.event, 0, `${path}\0${token}\0`);
  }

  #ring(): DataView {
    return this.#xen.view(frames.store * 4096, 4096);
  }

  /** Bytes of answers into the ring, as many as there is room for, and as the pace allows. */
  #push(): void {
    const ring = this.#ring();
    let producer = ring.getUint32(2060, true);
    const room = RING - ((producer - ring.getUint32(2056, true)) >>> 0);
    const count = Math.min(room, this.pace, this.#out.length);
    for (const byte of this.#out.splice(0, count)) {
      ring.setUint8(1024 + (producer & 1023), byte);
      producer = (producer + 1) >>> 0;
    }
    ring.setUint32(2060, producer, true);
    // Into a full ring nothing more comes until the guest says that it has read.
    if (count > 0 && this.#out.length > 0 && this.#xen.tasks.length < 4)
      this.#xen.tasks.push(() => this.#push());
    if (count > 0) this.#xen.raise(ports.store);
  }

  /** Reads what the guest has written, and answers. */
  work(): void {
    if (this.silent) return;
    const ring = this.#ring();
    let consumer = ring.getUint32(2048, true);
    const producer = ring.getUint32(2052, true);
    if ((producer - consumer) >>> 0 > RING) throw new Error("the guest wrote more than the ring holds");
    for (; consumer !== producer; consumer = (consumer + 1) >>> 0)
      this.#in.push(ring.getUint8(consumer & 1023));
    ring.setUint32(2048, consumer, true);
    while (this.#in.length >= 16) {
      const header = new Uint32Array(Uint8Array.from(this.#in.slice(0, 16)).buffer);
      const size = header[3]!;
      if (size > 4096) throw new Error("the guest asks too much");
      if (this.#in.length < 16 + size) break;
      const text = String.fromCharCode(...this.#in.splice(0, 16 + size).slice(16));
      this.#answer(header[0]!, header[1]!, header[2]!, text);
    }
    if (this.#out.length > 0) this.#push();
  }

  #answer(kind: number, id: number, transaction: number, text: string): void {
    const [path = "", value = ""] = text.split("\0");
    this.asked.push(`${kind} ${path}`);
    const reply = (answer: string) => this.send(kind, id, answer, transaction);
    const fail = (why: string) => this.send(type.error, id, `${why}\0`, transaction);
    if (kind === type.start) {
      this.#transactions.set(++this.#lastTransaction, new Map());
      return reply(`${this.#lastTransaction}\0`);
    }
    const changes = this.#transactions.get(transaction);
    if (transaction !== 0 && changes === undefined) return fail("ENOENT");
    const at = absolute(path);
    if (kind === type.end) {
      this.#transactions.delete(transaction);
      if (this.disturbances > 0) {
        this.disturbances--;
        return fail("EAGAIN");
      }
      for (const [each, written] of changes!) this.set(each, written);
      return reply("OK\0");
    }
    if (kind === type.read) {
      const found = changes?.has(at) ? changes.get(at) : this.tree.get(at);
      return found === undefined ? fail("ENOENT") : reply(found);
    }
    if (kind === type.list) {
      const below = [...this.tree.keys()].filter((each) => each.startsWith(`${at}/`));
      if (below.length === 0 && !this.tree.has(at)) return fail("ENOENT");
      const names = new Set(below.map((each) => each.slice(at.length + 1).split("/")[0]));
      return reply([...names].map((name) => `${name}\0`).join(""));
    }
    if (kind === type.watch) {
      if (this.watches.some((each) => each.path === path && each.token === value)) return fail("EEXIST");
      this.watches = [...this.watches, { path, token: value }];
      reply("OK\0");
      return this.#fire(path, at, value);
    }
    if (kind === type.reset) {
      this.watches = [];
      this.#transactions.clear();
      return reply("OK\0");
    }
    if (kind === type.unwatch) {
      const left = this.watches.filter((each) => each.path !== path || each.token !== value);
      if (left.length === this.watches.length) return fail("ENOENT");
      this.watches = left;
      return reply("OK\0");
    }
    if (kind !== type.write && kind !== type.remove) return fail("ENOSYS");
    if (this.locked.some((each) => `${at}/`.startsWith(`${absolute(each)}/`))) return fail("EACCES");
    const written = kind === type.write ? text.slice(path.length + 1) : undefined;
    if (changes !== undefined) changes.set(at, written);
    else this.set(at, written);
    reply("OK\0");
  }
}

const absolute = (path: string) => (path.startsWith("/") || path.startsWith("@") ? path : HOME + path);
