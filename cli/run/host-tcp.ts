/** TCP of a program of the `host` target: connections by number, and what happens to them as a list that the program asks for (backends/host/drivers/tcp.ts). */
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { addressHalves, addressText } from "./addresses.ts";

/** `Event` of the driver. */
const event = { accepted: 1, data: 2, finished: 3, writable: 4, closed: 5, reset: 6, timeout: 7 } as const;

/** Bytes that wait for the program before the other side is held up; and bytes that it may have waiting to be sent (`ROOM` of the driver). */
const MOST_WAITING = 65_536;

interface Connection {
  readonly socket: Socket;
  readonly listener: number;
  readonly chunks: Uint8Array[];
  waiting: number;
  /** The other side sends no more; told once what came before is taken. */
  isFinished: boolean;
}

interface Happened {
  readonly kind: number;
  readonly number: number;
  readonly connection: Connection;
}

export interface HostTcpOptions {
  /** The program's memory. */
  readonly memory: () => WebAssembly.Memory;
  /** Something has happened: the program wants a turn. */
  readonly wake: () => void;
}

export class HostTcp {
  readonly servers: Server[] = [];
  readonly #options: HostTcpOptions;
  readonly #connections = new Map<number, Connection>();
  readonly #happened: Happened[] = [];
  #current: Happened | undefined;

  constructor(options: HostTcpOptions) {
    this.#options = options;
  }

  get isWaiting(): boolean {
    return this.#happened.length > 0;
  }

  imports(): WebAssembly.ModuleImports {
    return {
      tcpConnect: (high: bigint, low: bigint, port: number, most: number) =>
        this.#connect(addressText(high, low), port, most),
      tcpEvent: () => this.#next(),
      tcpNumber: () => this.#current?.number ?? 0,
      tcpListener: () => this.#current?.connection.listener ?? 0,
      tcpPeerHigh: () => addressHalves(this.#address()).high,
      tcpPeerLow: () => addressHalves(this.#address()).low,
      tcpPeerPort: () => this.#current?.connection.socket.remotePort ?? 0,
      tcpLocalPort: () => this.#current?.connection.socket.localPort ?? 0,
      tcpLook: (number: number, to: number, most: number) => this.#look(number, to >>> 0, most),
      tcpTake: (number: number, length: number) => this.#take(number, length),
      tcpResume: (number: number) => this.#tell(event.data, number, this.#connections.get(number)),
      tcpSend: (number: number, from: number, length: number) => this.#send(number, from >>> 0, length),
      tcpQueued: (number: number) => this.#connections.get(number)?.socket.writableLength ?? 0,
      tcpClose: (number: number) => this.#connections.get(number)?.socket.end(),
      tcpAbort: (number: number) => this.#abort(number),
      tcpWatch: (number: number, after: number) =>
        this.#connections.get(number)?.socket.setKeepAlive(after > 0, after),
    };
  }

  /** Whoever opens the port gets a server that makes connections of this listener. */
  server(listener: number, most: number): Server {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const number = this.#add(socket, listener, most);
      if (number === undefined) socket.destroy();
      else this.#tell(event.accepted, number, this.#connections.get(number));
    });
    this.servers.push(server);
    return server;
  }

  close(): void {
    for (const server of this.servers) server.close();
    for (const { socket } of this.#connections.values()) socket.destroy();
    this.#connections.clear();
  }

  /** Of the other side of the connection that an event is about. */
  #address(): string {
    return this.#current?.connection.socket.remoteAddress ?? "0.0.0.0";
  }

  #connect(host: string, port: number, most: number): number {
    const socket = createConnection({ host, port, allowHalfOpen: true, noDelay: true });
    const number = this.#add(socket, -1, most);
    if (number === undefined) socket.destroy();
    else socket.once("connect", () => this.#tell(event.writable, number, this.#connections.get(number)));
    return number ?? -1;
  }

  #add(socket: Socket, listener: number, most: number): number | undefined {
    let number = 0;
    while (this.#connections.has(number)) number++;
    if (number >= most) return undefined;
    const connection: Connection = { socket, listener, chunks: [], waiting: 0, isFinished: false };
    this.#connections.set(number, connection);
    socket.on("data", (bytes: Uint8Array) => {
      connection.chunks.push(bytes);
      connection.waiting += bytes.length;
      if (connection.waiting > MOST_WAITING) socket.pause();
      this.#tell(event.data, number, connection);
    });
    socket.on("end", () => {
      connection.isFinished = true;
      if (connection.waiting === 0) this.#tell(event.finished, number, connection);
    });
    socket.on("drain", () => this.#tell(event.writable, number, connection));
    let why: number = event.closed;
    socket.on("error", (error: NodeJS.ErrnoException) => {
      why = error.code === "ETIMEDOUT" ? event.timeout : event.reset;
    });
    socket.on("close", () => this.#tell(why, number, connection));
    return number;
  }

  /** A number may be another connection's by now. */
  #isOf(number: number, connection: Connection | undefined): connection is Connection {
    return connection !== undefined && this.#connections.get(number) === connection;
  }

  #tell(kind: number, number: number, connection: Connection | undefined): void {
    if (!this.#isOf(number, connection)) return;
    this.#happened.push({ kind, number, connection });
    this.#options.wake();
  }

  #next(): number {
    for (;;) {
      this.#current = this.#happened.shift();
      if (this.#current === undefined) return 0;
      const { kind, number, connection } = this.#current;
      if (!this.#isOf(number, connection)) continue;
      if (kind >= event.closed) this.#connections.delete(number);
      return kind;
    }
  }

  #look(number: number, to: number, most: number): number {
    const first = this.#connections.get(number)?.chunks[0]?.subarray(0, most);
    if (first === undefined) return 0;
    new Uint8Array(this.#options.memory().buffer).set(first, to);
    return first.length;
  }

  #take(number: number, length: number): void {
    const connection = this.#connections.get(number);
    const first = connection?.chunks[0];
    if (connection === undefined || first === undefined) return;
    if (length === first.length) connection.chunks.shift();
    else connection.chunks[0] = first.subarray(length);
    connection.waiting -= length;
    if (connection.waiting <= MOST_WAITING) connection.socket.resume();
    if (connection.waiting === 0 && connection.isFinished) this.#tell(event.finished, number, connection);
  }

  #send(number: number, from: number, length: number): boolean {
    const socket = this.#connections.get(number)?.socket;
    if (socket === undefined || socket.writableLength > MOST_WAITING) return false;
    // Copied: Node sends it later, and memory changes until then.
    socket.write(new Uint8Array(this.#options.memory().buffer).slice(from, from + length));
    return true;
  }

  #abort(number: number): void {
    const connection = this.#connections.get(number);
    this.#connections.delete(number);
    connection?.socket.resetAndDestroy();
  }
}
