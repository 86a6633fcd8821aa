/** Runs a program of the `host` target in this process: its imports over sockets, clock and standard output (backends/host/drivers/host.ts). */

import { webcrypto } from "node:crypto";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6, type Server } from "node:net";
import { inputError } from "../exit.ts";
import type { Publication } from "../publish.ts";
import { addressHalves, addressText } from "./addresses.ts";
import { type GivenLines, LINES } from "./given.ts";
import { HostTcp } from "./host-tcp.ts";
import { cannotOpen, placeOf } from "./ports.ts";

export interface HostRun {
  /** The image of target `host`. */
  readonly wasm: Uint8Array;
  readonly publications: readonly Publication[];
  /** Values for its slots. */
  readonly given?: GivenLines;
  write(text: string): void;
}

export interface RunningHost {
  /** The ports that were opened: `127.0.0.1:5353/udp`. */
  readonly listening: readonly string[];
  /** Settles when it ends; rejects when the program traps. */
  readonly ended: Promise<void>;
  stop(): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  start(): void;
  poll(now: bigint): bigint;
}

interface Arrived {
  /** The program's number of it. */
  readonly number: number;
  readonly socket: Socket;
  readonly bytes: Uint8Array;
  readonly from: RemoteInfo;
}

/** Datagrams that wait for the program; more are dropped, as a full socket buffer does. */
const MOST_WAITING = 4096;
const NEVER = (1n << 64n) - 1n;
const ANY = "0.0.0.0";

export async function startHost(run: HostRun): Promise<RunningHost> {
  const host = new Host(run);
  await host.begin();
  return { listening: host.listening, ended: host.ended, stop: () => host.stop() };
}

class Host {
  readonly run: HostRun;
  readonly sockets: Socket[] = [];
  readonly opening: Promise<void>[] = [];
  /** Ports on which the program wants to be asked. */
  readonly asked: { readonly port: number; readonly protocol: Publication["protocol"] }[] = [];
  readonly tcp: HostTcp;
  readonly taken = new Set<string>();
  readonly listening: string[] = [];
  readonly waiting: Arrived[] = [];
  readonly ended: Promise<void>;
  readonly given: Uint8Array | undefined;
  #current: Arrived | undefined;
  #exports!: Exports;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;
  #stopped = false;
  #settle!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(run: HostRun) {
    this.run = run;
    this.tcp = new HostTcp({ memory: () => this.#exports.memory, wake: () => this.schedule() });
    this.given = run.given === undefined ? undefined : new TextEncoder().encode(run.given);
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever only stops the program need not wait for its end.
    this.ended.catch(() => undefined);
  }

  async begin(): Promise<void> {
    const { instance } = await WebAssembly.instantiate(this.run.wasm as Uint8Array<ArrayBuffer>, {
      host: this.imports(),
    });
    this.#exports = instance.exports as never;
    try {
      this.#exports.start();
      this.requireListeners();
      await Promise.all(this.opening);
    } catch (error) {
      await Promise.allSettled(this.opening);
      this.close();
      throw error;
    }
    this.schedule();
  }

  /** A publication that leads nowhere is a mistake. */
  requireListeners(): void {
    const lost = this.run.publications.find(
      ({ guest, protocol }) => !this.asked.some((each) => each.port === guest && each.protocol === protocol),
    );
    if (lost !== undefined)
      throw inputError(
        `--publish ${lost.host}:${lost.guest}/${lost.protocol} leads nowhere: the appliance does not listen on port ${lost.guest}`,
        `it listens on: ${this.asked.map(({ port, protocol }) => `${port}/${protocol}`).join(", ") || "no port"}`,
      );
  }

  imports(): WebAssembly.ModuleImports {
    return {
      now: () => process.hrtime.bigint(),
      wall: () => BigInt(Date.now()) * 1_000_000n,
      write: (byte: number) => this.run.write(String.fromCharCode(byte)),
      random: () => webcrypto.getRandomValues(new BigUint64Array(1))[0],
      listen: (number: number, high: bigint, low: bigint, port: number) =>
        this.listen(number, addressText(high, low), port),
      receive: (to: number, most: number) => this.receive(to >>> 0, most >>> 0),
      socketOf: () => this.#current?.number ?? 0,
      peerFamily: () => (this.#current !== undefined && isIPv6(this.#current.from.address) ? 6 : 4),
      peerHigh: () => addressHalves(this.#current?.from.address ?? ANY).high,
      peerLow: () => addressHalves(this.#current?.from.address ?? ANY).low,
      peerPort: () => this.#current?.from.port ?? 0,
      givenTexts: () => (this.given === undefined ? 0 : 1),
      givenForm: () => LINES,
      givenSize: () => this.given?.length ?? 0,
      givenRead: (_n: number, to: number) =>
        new Uint8Array(this.#exports.memory.buffer).set(this.given!, to >>> 0),
      refuse: () => {
        throw inputError("it cannot start with what it was given", "what is missing or wrong stands above");
      },
      reply: (from: number, length: number) => this.reply(from >>> 0, length),
      sendTo: (high: bigint, low: bigint, port: number, from: number, length: number) =>
        this.sendTo(addressText(high, low), port, from >>> 0, length),
      ...this.tcp.imports(),
      tcpListen: (number: number, high: bigint, low: bigint, port: number, most: number) =>
        this.listenTcp(number, addressText(high, low), port, most),
    };
  }

  /** Opens the sockets for a port of the description. */
  listen(number: number, wanted: string, guest: number): void {
    for (const place of this.placesOf("udp", wanted, guest)) this.opening.push(this.open(number, place));
  }

  listenTcp(number: number, wanted: string, guest: number, most: number): void {
    for (const place of this.placesOf("tcp", wanted, guest))
      this.opening.push(this.openTcp(this.tcp.server(number, most), place));
  }

  /** Where a port was published; as the description says if it was not at all. */
  placesOf(protocol: Publication["protocol"], wanted: string, guest: number): Publication[] {
    this.asked.push({ port: guest, protocol });
    const published = this.run.publications.filter((each) => each.guest === guest);
    const as = this.run.publications.length > 0 ? "127.0.0.1" : wanted;
    const places =
      published.length > 0
        ? published.filter((each) => each.protocol === protocol)
        : [{ address: as, host: guest, guest, protocol }];
    // Two addresses of the appliance with one port are one socket here.
    const free = places.filter((place) => !this.taken.has(placeOf(place)));
    for (const place of free) this.taken.add(placeOf(place));
    return free;
  }

  openTcp(server: Server, place: Publication): Promise<void> {
    return new Promise((resolve, reject) => {
      server.on("error", (error: NodeJS.ErrnoException) => reject(cannotOpen(place, error)));
      server.listen({ port: place.host, host: place.address, exclusive: true }, () => {
        this.listening.push(placeOf(place));
        resolve();
      });
    });
  }

  open(number: number, place: Publication): Promise<void> {
    const socket = createSocket(isIPv6(place.address) ? "udp6" : "udp4");
    this.sockets.push(socket);
    socket.on("message", (bytes, from) => this.arrived({ number, socket, bytes, from }));
    return new Promise((resolve, reject) => {
      // After it was opened: what the network does not take is lost, as datagrams are.
      socket.on("error", (error: NodeJS.ErrnoException) => reject(cannotOpen(place, error)));
      socket.bind({ port: place.host, address: place.address, exclusive: true }, () => {
        this.listening.push(placeOf(place));
        resolve();
      });
    });
  }

  arrived(datagram: Arrived): void {
    if (this.waiting.length >= MOST_WAITING) return;
    this.waiting.push(datagram);
    this.schedule();
  }

  receive(to: number, most: number): number {
    this.#current = this.waiting.shift();
    if (this.#current === undefined) return -1;
    const bytes = this.#current.bytes.subarray(0, most);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, to);
    return bytes.length;
  }

  reply(from: number, length: number): void {
    const { socket, from: peer } = this.#current!;
    const bytes = new Uint8Array(this.#exports.memory.buffer).slice(from, from + length);
    // What the network does not take is lost, as datagrams are.
    socket.send(bytes, peer.port, peer.address, () => undefined);
  }

  /** What the network does not take is lost, as datagrams are. */
  sendTo(address: string, port: number, from: number, length: number): void {
    const bytes = new Uint8Array(this.#exports.memory.buffer).slice(from, from + length);
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    socket.on("error", () => undefined);
    socket.send(bytes, port, address, () => socket.close());
  }

  /** One turn soon, however many datagrams come until then. */
  schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => this.turn());
  }

  turn(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    try {
      const now = process.hrtime.bigint();
      const deadline = BigInt.asUintN(64, this.#exports.poll(now));
      if (this.waiting.length > 0 || this.tcp.isWaiting) return this.schedule();
      if (deadline !== NEVER) this.#timer = setTimeout(() => this.schedule(), milliseconds(deadline - now));
    } catch (error) {
      this.close();
      this.#settle.reject(error);
    }
  }

  stop(): void {
    this.close();
    this.#settle.resolve();
  }

  close(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const socket of this.sockets) socket.close();
    this.tcp.close();
  }
}

/** At least one, at most a day: timers of Node are 32 bits wide. */
function milliseconds(ns: bigint): number {
  const most = 86_400_000n;
  const ms = ns / 1_000_000n + 1n;
  return Number(ms < 1n ? 1n : ms > most ? most : ms);
}
