import type { AsInstance } from "../load-as.ts";

/** The connections of a test: what arrives on the last one, and what is sent back (`stdlib/net/simulation/tcp.ts`). */
export class ScriptedStream {
  readonly #program: AsInstance;

  constructor(program: AsInstance) {
    this.#program = program;
  }

  /** Another connection; false when it is not taken. */
  open(from = 0x0a000202): boolean {
    return this.#program.exports["open"](BigInt(from)) !== 0;
  }

  /** These bytes arrive: what is sent then. */
  arrive(...bytes: readonly Uint8Array[]): Uint8Array {
    const all = Buffer.concat(bytes);
    const { exports } = this.#program;
    this.#program.view(exports["inputAt"](), all.length).set(all);
    exports["arrive"](0, all.length);
    return this.#taken();
  }

  /** So often more may be written, with so many bytes on their way: what is sent then. */
  room(pieces: number, waiting = 0): Uint8Array {
    this.#program.exports["setRoom"](pieces, waiting);
    return this.#taken();
  }

  /** The same before anything waits for it. */
  allow(pieces: number): void {
    this.#program.exports["setRoomSilently"](pieces);
  }

  /** It is so late, in seconds: what is sent then. */
  time(seconds: number): Uint8Array {
    this.#program.exports["setTime"](BigInt(Math.round(seconds * 1e9)));
    return this.#taken();
  }

  finish(): void {
    this.#program.exports["finish"]();
  }

  end(): void {
    this.#program.exports["endIt"]();
  }

  get isClosed(): boolean {
    return this.#program.exports["isClosed"]() !== 0;
  }

  get isAborted(): boolean {
    return this.#program.exports["isAborted"]() !== 0;
  }

  /** Connections that the server has. */
  get count(): number {
    return this.#program.exports["connections"]();
  }

  counted(reason: number): number {
    return Number(this.#program.exports["dnsCounted"](reason));
  }

  #taken(): Uint8Array {
    const { exports } = this.#program;
    const size = exports["taken"]();
    return this.#program.view(exports["outputAt"](), size).slice();
  }
}

/** A message with its length before it. RFC 1035 4.2.2. */
export const framed = (message: Uint8Array): Uint8Array =>
  Uint8Array.from([message.length >> 8, message.length & 255, ...message]);

/** The messages of a stream, which is made of whole ones. */
export function unframed(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at]! * 256 + bytes[at + 1]!;
    if (at + 2 + size > bytes.length) throw new Error(`a message of ${size} bytes is cut off`);
    out.push(bytes.slice(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return out;
}
