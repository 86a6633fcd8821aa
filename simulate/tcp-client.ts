/**
 * Connections of a scripted host: RFC 9293 as far as a client needs it that is in no hurry. What is lost is sent again, what comes out of order is let go
 * and comes again; there are no options but the segment size.
 */
import type { Host } from "./host.ts";
import { SECOND } from "./time.ts";
import { isIpv6 } from "./wire/addresses.ts";
import { concat, tcp } from "./wire/packets.ts";
import { parseTcp, protocol, type TcpSegment, tcpFlag } from "./wire/parse.ts";

const { fin, syn, rst, psh, ack } = tcpFlag;
const [FIRST_PORT, LAST_PORT] = [10_000, 49_151];
/** A window of so much does not shrink: who opens it takes whatever comes. */
const WIDE = 65_535;
const NOTHING = new Uint8Array();

export class TcpClient {
  readonly host: Host;
  /** Says nothing any more. */
  isSilent = false;
  readonly #open = new Map<number, TcpConnection>();
  #port = FIRST_PORT;

  constructor(host: Host) {
    this.host = host;
    host.onTcp((packet) => {
      const segment = parseTcp(packet);
      if (segment === undefined) {
        host.bad += 1;
        return;
      }
      const connection = this.#open.get(segment.to);
      if (connection?.to === packet.from && connection.toPort === segment.from) connection.take(segment);
    });
  }

  /** From a port that was not used for the longest time. `window`: bytes that it takes before `read` is called. */
  connect(to: string, toPort: number, window = WIDE): TcpConnection {
    const port = this.#port;
    this.#port = port === LAST_PORT ? FIRST_PORT : port + 1;
    const made = new TcpConnection(this, { to, toPort, port, window, over: () => this.#open.delete(port) });
    this.#open.set(port, made);
    return made;
  }
}

interface Ends {
  readonly to: string;
  readonly toPort: number;
  readonly port: number;
  readonly window: number;
  /** Nothing that comes is waited for any more. */
  over(): void;
}

export class TcpConnection {
  /** What has come, as Latin-1. */
  received = "";
  isOpen = false;
  /** By the other side, in good order or not. */
  isClosed = false;
  isReset = false;
  onChange: () => void = () => undefined;
  readonly to: string;
  readonly toPort: number;
  readonly #client: TcpClient;
  readonly #ends: Ends;
  readonly #maximum: number;
  #window: number;
  #mine = 1000;
  #theirs = 0;
  #waiting: Uint8Array = NOTHING;
  /** Sent and not acknowledged. */
  #sent: { readonly sequence: number; readonly payload: Uint8Array }[] = [];

  constructor(client: TcpClient, ends: Ends) {
    this.#client = client;
    this.#ends = ends;
    this.to = ends.to;
    this.toPort = ends.toPort;
    this.#window = ends.window;
    this.#maximum = isIpv6(ends.to) ? 1440 : 1460;
    this.#open();
    this.#mine += 1;
    this.#repeat(SECOND);
  }

  /** What is lost is sent again: RFC 6298 5, from a second on. */
  #repeat(after: number): void {
    const { simulation } = this.#client.host;
    const [oldest] = this.#sent;
    simulation.after(after, () => {
      if (this.isOver || this.#client.isSilent) return;
      const [first] = this.#sent;
      if (!this.isOpen) this.#open();
      else if (first !== undefined && first === oldest)
        this.#segment(psh | ack, first.sequence, first.payload);
      const isStuck = !this.isOpen || (first !== undefined && first === oldest);
      this.#repeat(isStuck ? Math.min(2 * after, 60 * SECOND) : SECOND);
    });
  }

  #open(): void {
    this.#segment(syn, 1000, NOTHING, Uint8Array.of(2, 4, this.#maximum >> 8, this.#maximum & 255));
  }

  get isOver(): boolean {
    return this.isClosed || this.isReset;
  }

  /** Goes at once, or as soon as the connection is open. Text is Latin-1. */
  send(what: string | Uint8Array): void {
    const bytes = typeof what === "string" ? Uint8Array.from(what, (each) => each.charCodeAt(0)) : what;
    if (this.isOver) return;
    if (!this.isOpen) {
      this.#waiting = concat(this.#waiting, bytes);
      return;
    }
    for (let at = 0; at < bytes.length; at += this.#maximum) {
      const payload = bytes.subarray(at, at + this.#maximum);
      this.#sent.push({ sequence: this.#mine, payload });
      this.#segment(psh | ack, this.#mine, payload);
      this.#mine += payload.length;
    }
  }

  /** There is room for so many bytes more. */
  read(bytes: number): void {
    this.#window = bytes;
    if (!this.isOver) this.#segment(ack);
  }

  /** Has nothing more to send; the other side closes its own direction when it sees that. */
  close(): void {
    if (this.isOpen && !this.isOver) this.#segment(fin | ack);
    else this.abort();
  }

  /** Ends it at once: RFC 9293 3.10.5. */
  abort(): void {
    if (this.isOver) return;
    this.isReset = true;
    this.#segment(rst | ack);
    this.#ends.over();
  }

  /** For the client. */
  take(segment: TcpSegment): void {
    const { flags, sequence, acknowledgement } = segment;
    if (this.isReset) return;
    if (this.isClosed) {
      // Our end is acknowledged, or it was lost and is told again.
      if (acknowledgement === this.#mine + 1) this.#ends.over();
      else if (flags & fin) this.#segment(fin | ack);
      return;
    }
    if (flags & rst) this.isReset = true;
    else if (!this.isOpen) {
      if ((flags & (syn | ack)) !== (syn | ack)) return;
      this.isOpen = true;
      this.#theirs = (sequence + 1) >>> 0;
      this.#segment(ack);
      this.send(this.#waiting);
    } else this.#data(segment);
    if (this.isReset) this.#ends.over();
    this.onChange();
  }

  #data({ sequence, acknowledgement, flags, payload }: TcpSegment): void {
    this.#sent = this.#sent.filter((each) => each.sequence + each.payload.length > acknowledgement);
    if (sequence !== this.#theirs) {
      if (payload.length > 0 || flags & (syn | fin)) this.#segment(ack);
      return;
    }
    this.#theirs = (this.#theirs + payload.length) >>> 0;
    this.#window = this.#window === WIDE ? WIDE : Math.max(0, this.#window - payload.length);
    this.received += String.fromCharCode(...payload);
    if (flags & fin) {
      this.#theirs = (this.#theirs + 1) >>> 0;
      this.isClosed = true;
      this.#segment(fin | ack);
    } else if (payload.length > 0) this.#segment(ack);
  }

  #segment(
    flags: number,
    sequence: number = this.#mine,
    payload: Uint8Array = NOTHING,
    options: Uint8Array = NOTHING,
  ): void {
    const { host, isSilent } = this.#client;
    if (isSilent) return;
    const { to, toPort, port } = this.#ends;
    const acknowledgement = flags & ack ? this.#theirs : 0;
    const fields = {
      from: port,
      to: toPort,
      flags,
      options,
      sequence,
      acknowledgement,
      window: this.#window,
    };
    host.sendTransport(to, protocol.tcp, tcp({ ...fields, addresses: [host.from(to), to] }, payload));
  }
}
