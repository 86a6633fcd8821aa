/** What each connection does. */
import { Bytes } from "../core/bytes";
import { Acceptor, Session, Stream } from "../net/tcp";

/** The characters of RFC 864 in lines of 72, each beginning one further: 95 lines, until they begin again. */
const LINE: u32 = 74;
const LINES: u32 = 95;
const FIRST: u32 = 32;

let spare: Trial | null = null;

/** In `prepare`: so many at once. */
export function make(connections: u32): void {
  for (let n: u32 = 0; n < connections; n++) {
    const trial = new Trial();
    trial.next = spare;
    spare = trial;
  }
}

/** In `prepare`. */
export function characters(): Bytes {
  const bytes = new Bytes(new StaticArray<u8>(<i32>(LINE * LINES)), 0, LINE * LINES);
  for (let line: u32 = 0; line < LINES; line++) {
    for (let n: u32 = 0; n < 72; n++) bytes.setU8(line * LINE + n, FIRST + ((line + n) % LINES));
    bytes.setBe16(line * LINE + 72, 0x0d0a);
  }
  return bytes;
}

@final
class Trial extends Session {
  private stream: Stream | null = null;
  private returns: bool = false;
  /** What is still to be sent, of these bytes. */
  private left: u64 = 0;
  private source: Bytes | null = null;
  next: Trial | null = null;

  begin(stream: Stream, returns: bool, source: Bytes | null, amount: u64): void {
    this.stream = stream;
    this.returns = returns;
    this.source = source;
    this.left = amount;
    this.fill();
  }

  receive(bytes: Bytes): u32 {
    if (!this.returns || this.stream!.write(bytes, 0, bytes.length)) return bytes.length;
    // As much as finds room; the rest waits until `writable`.
    const some = min(bytes.length, 512);
    return this.stream!.write(bytes, 0, some) ? some : 0;
  }

  finished(): void {
    if (this.left == 0) this.stream!.close();
  }

  writable(): void {
    if (this.returns) this.stream!.resume();
    this.fill();
  }

  private fill(): void {
    const source = this.source;
    if (source == null) return;
    while (this.left > 0) {
      const part = <u32>min<u64>(this.left, <u64>source.length);
      if (!this.stream!.send(source, 0, part, null)) return;
      this.left -= <u64>part;
    }
    this.stream!.close();
  }

  ended(_reason: i32): void {
    this.stream = null;
    this.source = null;
    this.next = spare;
    spare = this;
  }
}

/** Takes the connections of one port. */
@final
export class Trials extends Acceptor {
  constructor(
    private returns: bool,
    private source: Bytes | null,
    private amount: u64,
  ) {
    super();
  }

  accept(stream: Stream): Session | null {
    const trial = spare;
    if (trial == null) return null;
    spare = trial.next;
    trial.begin(stream, this.returns, this.source, this.amount);
    return trial;
  }
}
