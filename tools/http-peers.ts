/** Clients of HTTP in simulated networks: many connections of one host, each as fast or slow as a test wants. The network must lose nothing. */
import {
  concat,
  Host,
  Host6,
  hex,
  parseTcp,
  protocol,
  SECOND,
  type Simulation,
  type Tcp,
  type TcpSegment,
  tcp,
  tcpFlag,
} from "#simulate";

const { fin, syn, rst, psh, ack } = tcpFlag;
const MSS = hex("020405b4");

export interface HttpClientOptions {
  readonly name: string;
  readonly address: string;
  readonly server: string;
  /** Of the server; 80 if it is not said. */
  readonly port?: number;
  /** Its addresses of IPv6, that of the link first: then `server` is one of IPv6, too. */
  readonly addresses6?: readonly [string, ...string[]];
}

export class HttpClient {
  readonly host: Host;
  readonly host6: Host6 | undefined;
  readonly server: string;
  readonly serverPort: number;
  /** Says nothing any more. */
  isSilent = false;
  readonly #open = new Map<number, HttpConnection>();
  #port = 10_000;

  constructor(simulation: Simulation, options: HttpClientOptions) {
    this.server = options.server;
    this.serverPort = options.port ?? 80;
    this.host = new Host(simulation, { name: options.name, address: `${options.address}/16` });
    const take = (packet: Parameters<typeof parseTcp>[0]) => {
      const segment = parseTcp(packet);
      if (segment === undefined) throw new Error("a segment of the server is malformed");
      if (segment.from === this.serverPort) this.#open.get(segment.to)?.take(segment);
    };
    const { addresses6 } = options;
    if (addresses6 === undefined) this.host.onIp(protocol.tcp, take);
    else {
      this.host6 = new Host6(this.host, { addresses: addresses6 });
      this.host6.onPacket((packet) => {
        if (packet.next === protocol.tcp) take(packet);
      });
    }
  }

  send(fields: Omit<Tcp, "addresses" | "to">, payload: Uint8Array): void {
    const { host, host6, server, serverPort } = this;
    if (this.isSilent) return;
    const from = host6 === undefined ? host.address : host6.from(server);
    const segment = tcp({ ...fields, to: serverPort, addresses: [from, server] }, payload);
    if (host6 === undefined) host.sendIp(server, protocol.tcp, segment);
    else host6.send(server, protocol.tcp, segment);
  }

  /** Another connection, from a port that was not used before. `window`: bytes that it takes before `read` is called. */
  connect(window = 65_535): HttpConnection {
    const port = this.#port++;
    const made = new HttpConnection(this, port, window, () => this.#open.delete(port));
    this.#open.set(port, made);
    return made;
  }
}

export class HttpConnection {
  /** What has come, as Latin-1. */
  received = "";
  isOpen = false;
  /** By the other side, in good order or not. */
  isClosed = false;
  isReset = false;
  onChange: () => void = () => undefined;
  readonly #client: HttpClient;
  readonly #port: number;
  readonly #over: () => void;
  #window: number;
  #mine = 1000;
  #theirs = 0;
  #waiting = "";
  /** Sent and not acknowledged. */
  #sent: { readonly sequence: number; readonly payload: Uint8Array }[] = [];

  constructor(client: HttpClient, port: number, window: number, over: () => void) {
    this.#client = client;
    this.#port = port;
    this.#window = window;
    this.#over = over;
    this.#segment(syn, this.#mine, new Uint8Array(), MSS);
    this.#mine += 1;
    this.#repeat();
  }

  /** What is lost is sent again after a second. */
  #repeat(): void {
    const { simulation } = this.#client.host;
    simulation.at(simulation.now + SECOND, () => {
      if (this.isOver || this.#client.isSilent) return;
      const [first] = this.#sent;
      if (!this.isOpen) this.#segment(syn, this.#mine - 1, new Uint8Array(), MSS);
      else if (first !== undefined) this.#segment(psh | ack, first.sequence, first.payload);
      this.#repeat();
    });
  }

  get isOver(): boolean {
    return this.isClosed || this.isReset;
  }

  /** Goes at once, or as soon as the connection is open. */
  send(text: string): void {
    if (this.isOver) return;
    if (!this.isOpen) {
      this.#waiting += text;
      return;
    }
    for (let at = 0; at < text.length; at += 1460) {
      const payload = Buffer.from(text.slice(at, at + 1460), "latin1");
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

  take(segment: TcpSegment): void {
    if (this.isOver) return;
    if (segment.flags & rst) this.isReset = true;
    else if (!this.isOpen) {
      this.isOpen = true;
      this.#theirs = (segment.sequence + 1) >>> 0;
      this.#segment(ack);
      this.send(this.#waiting);
    } else this.#data(segment);
    if (this.isOver) this.#over();
    this.onChange();
  }

  #data({ sequence, acknowledgement, flags, payload }: TcpSegment): void {
    this.#sent = this.#sent.filter((each) => each.sequence + each.payload.length > acknowledgement);
    const bytes = concat(payload);
    if (sequence !== this.#theirs) {
      if (bytes.length > 0) this.#segment(ack);
      return;
    }
    this.#theirs = (this.#theirs + bytes.length) >>> 0;
    this.#window = Math.max(0, this.#window === 65_535 ? this.#window : this.#window - bytes.length);
    this.received += Buffer.from(bytes).toString("latin1");
    if (flags & fin) {
      this.#theirs = (this.#theirs + 1) >>> 0;
      this.isClosed = true;
      this.#segment(fin | ack);
    } else if (bytes.length > 0) this.#segment(ack);
  }

  #segment(
    flags: number,
    sequence: number = this.#mine,
    payload: Uint8Array = new Uint8Array(),
    options: Uint8Array = new Uint8Array(),
  ): void {
    const acknowledgement = flags & ack ? this.#theirs : 0;
    this.#client.send(
      { from: this.#port, flags, options, sequence, acknowledgement, window: this.#window },
      payload,
    );
  }
}
