/** Servers that take syslog in simulated networks: datagrams, and one connection with octets counted. The network must lose nothing while it is up. */
import { type Host, parseTcp, protocol, type TcpSegment, tcp, tcpFlag } from "#simulate";

const { fin, syn, rst, ack } = tcpFlag;
const PORT = 514;

/** What comes over UDP. */
export function datagramsTo(host: Host): string[] {
  const got: string[] = [];
  host.onUdp(PORT, ({ content }) => got.push(Buffer.from(content.payload).toString("latin1")));
  return got;
}

export class SyslogServer {
  /** What has come and was acknowledged, connection by connection. */
  readonly received: string[] = [];
  /** `mute`: it takes connections, and acknowledges nothing of what comes; `refusing`: nobody listens. */
  mode: "well" | "mute" | "refusing" = "well";
  /** Who connects, in order: nanoseconds. */
  readonly attempts: number[] = [];
  readonly #host: Host;
  #expected = 0;
  #own = 0;
  #peer: TcpSegment | undefined;
  #from = "";

  constructor(host: Host) {
    this.#host = host;
    host.onIp(protocol.tcp, (packet) => {
      const segment = parseTcp(packet);
      if (segment?.to === PORT) this.#take(segment, packet.from);
    });
  }

  /** All messages of all connections. */
  get messages(): string[] {
    return this.received.flatMap(framesOf);
  }

  /** Ends the connection. */
  close(): void {
    this.#send(fin | ack);
    this.#own += 1;
  }

  #take(segment: TcpSegment, from: string): void {
    if ((segment.flags & syn) !== 0) this.attempts.push(this.#host.simulation.now);
    this.#peer = segment;
    this.#from = from;
    this.#expected = segment.sequence + segment.payload.length;
    if (this.mode === "refusing") {
      this.#expected += 1;
      if ((segment.flags & rst) === 0) this.#send(rst | ack);
    } else if ((segment.flags & syn) !== 0) {
      this.received.push("");
      this.#own = 5000;
      this.#expected += 1;
      this.#send(syn | ack);
      this.#own += 1;
    } else if ((segment.flags & (rst | fin)) !== 0) {
      this.#expected += 1;
      if ((segment.flags & fin) !== 0) this.#send(ack);
    } else if (segment.payload.length > 0 && this.mode === "well") {
      const last = this.received.length - 1;
      this.received[last] += Buffer.from(segment.payload).toString("latin1");
      this.#send(ack);
    }
  }

  #send(flags: number): void {
    const to = this.#peer!;
    const addresses: [string, string] = [this.#host.address, this.#from];
    const fields = {
      from: PORT,
      to: to.from,
      sequence: this.#own >>> 0,
      acknowledgement: this.#expected >>> 0,
    };
    this.#host.sendIp(
      this.#from,
      protocol.tcp,
      tcp({ ...fields, flags, window: 65_535, addresses }, new Uint8Array()),
    );
  }
}

/** RFC 6587 3.4.1. */
export function framesOf(text: string): string[] {
  const frames: string[] = [];
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(" ", at);
    const length = Number(text.slice(at, space));
    if (!/^[1-9]\d*$/.test(text.slice(at, space)) || space + 1 + length > text.length)
      throw new Error(`no frame: ${text.slice(at, at + 40)}`);
    frames.push(text.slice(space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}
