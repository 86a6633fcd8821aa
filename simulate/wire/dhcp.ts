/** Messages of DHCP: RFC 2131 2, built as a script says and read strictly. */
import { addressNumber, dotted } from "./packets.ts";

export const dhcpType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

export interface DhcpMessage {
  /** 1: of a client, 2: of a server. */
  readonly operation: number;
  readonly transaction: number;
  readonly seconds: number;
  readonly flags: number;
  readonly clientAddress: string;
  readonly yourAddress: string;
  readonly mac: string;
  /** By their codes; pieces of one are put together. */
  readonly options: ReadonlyMap<number, ArrayLike<number> & Iterable<number>>;
  /** What stands in the fields for names, instead of zeros: 64 and 128 bytes. */
  readonly serverName?: Uint8Array;
  readonly file?: Uint8Array;
}

const COOKIE = 0x63825363;
const HEAD = 240;
/** RFC 1542 2.1. */
const LEAST = 300;
const [PAD, END] = [0, 255];

/** Options longer than 255 bytes go in pieces: RFC 3396. */
export function dhcp(message: DhcpMessage): Uint8Array {
  const options: number[] = [];
  for (const [code, value] of message.options) options.push(...optionBytes(code, [...value]));
  options.push(END);
  const bytes = new Uint8Array(Math.max(HEAD + options.length, LEAST));
  const view = new DataView(bytes.buffer);
  bytes.set([message.operation, 1, 6, 0]);
  view.setUint32(4, message.transaction);
  view.setUint16(8, message.seconds);
  view.setUint16(10, message.flags);
  view.setUint32(12, addressNumber(message.clientAddress));
  view.setUint32(16, addressNumber(message.yourAddress));
  bytes.set(
    message.mac.split(":").map((digits) => Number.parseInt(digits, 16)),
    28,
  );
  bytes.set(message.serverName ?? [], 44);
  bytes.set(message.file ?? [], 108);
  view.setUint32(236, COOKIE);
  bytes.set(options, HEAD);
  return bytes;
}

export function optionBytes(code: number, value: readonly number[]): number[] {
  const pieces: number[] = [];
  for (let from = 0; from === 0 || from < value.length; from += 255) {
    const piece = value.slice(from, from + 255);
    pieces.push(code, piece.length, ...piece);
  }
  return pieces;
}

/** Undefined for what is malformed. */
export function parseDhcp(payload: Uint8Array): DhcpMessage | undefined {
  if (payload.length < HEAD) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (payload[1] !== 1 || payload[2] !== 6 || view.getUint32(236) !== COOKIE) return undefined;
  const options = new Map<number, number[]>();
  let at = HEAD;
  while (at < payload.length && payload[at] !== END) {
    const code = payload[at]!;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = payload[at + 1];
    if (length === undefined || at + 2 + length > payload.length) return undefined;
    const before = options.get(code) ?? [];
    options.set(code, [...before, ...payload.subarray(at + 2, at + 2 + length)]);
    at += 2 + length;
  }
  return {
    operation: payload[0]!,
    transaction: view.getUint32(4),
    seconds: view.getUint16(8),
    flags: view.getUint16(10),
    clientAddress: dotted(view.getUint32(12)),
    yourAddress: dotted(view.getUint32(16)),
    mac: [...payload.subarray(28, 34)].map((byte) => byte.toString(16).padStart(2, "0")).join(":"),
    options,
  };
}
