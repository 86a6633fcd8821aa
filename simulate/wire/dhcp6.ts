/** Messages of DHCPv6: RFC 9915 8 and 21, built as a script says and read strictly. */
import { bytes6, text6 } from "./addresses.ts";
import { concat } from "./packets.ts";

export const dhcp6Type = {
  solicit: 1,
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  decline: 9,
  reconfigure: 10,
  information: 11,
} as const;

export const dhcp6Option = {
  client: 1,
  server: 2,
  identity: 3,
  address: 5,
  wanted: 6,
  preference: 7,
  elapsed: 8,
  status: 13,
  rapidCommit: 14,
  nameServers: 23,
  refresh: 32,
  name: 39,
  solicitMost: 82,
  informationMost: 83,
} as const;

export interface Dhcp6Option {
  readonly code: number;
  readonly content: Uint8Array;
}

export interface Dhcp6Message {
  readonly type: number;
  readonly transaction: number;
  readonly options: readonly Dhcp6Option[];
}

/** An association of addresses, as far as it has one. */
export interface Association6 {
  readonly identity: number;
  readonly address?: string;
  /** Seconds. */
  readonly preferred?: number;
  readonly valid?: number;
  readonly renewal?: number;
  readonly rebinding?: number;
}

const HEAD = 4;
const u16 = (value: number) => Uint8Array.of(value >>> 8, value & 255);
const u32 = (value: number) => concat(u16(value >>> 16), u16(value & 0xffff));

const encoded = ({ code, content }: Dhcp6Option) => concat(u16(code), u16(content.length), content);

export const dhcp6 = ({ type, transaction, options }: Dhcp6Message): Uint8Array =>
  concat(u32(((type << 24) | transaction) >>> 0), ...options.map(encoded));

/** An association with one address; `more` stands beside it. */
export function leaseOption6(of: Association6, more: readonly Dhcp6Option[] = []): Dhcp6Option {
  const { identity, address, preferred = 0, valid = 0, renewal = 0, rebinding = 0 } = of;
  const inside = [...more];
  if (address !== undefined)
    inside.unshift({
      code: dhcp6Option.address,
      content: concat(bytes6(address), u32(preferred), u32(valid)),
    });
  const content = concat(u32(identity), u32(renewal), u32(rebinding), ...inside.map(encoded));
  return { code: dhcp6Option.identity, content };
}

export const statusOption6 = (status: number): Dhcp6Option => ({
  code: dhcp6Option.status,
  content: concat(u16(status), new TextEncoder().encode("as the script says")),
});

/** Undefined for what is malformed. */
export function parseDhcp6(payload: Uint8Array): Dhcp6Message | undefined {
  if (payload.length < HEAD) return undefined;
  const options = optionsIn(payload.subarray(HEAD));
  if (options === undefined) return undefined;
  const transaction = (payload[1]! << 16) | (payload[2]! << 8) | payload[3]!;
  return { type: payload[0]!, transaction, options };
}

/** Undefined if it is none. */
export function readAssociation6({ code, content }: Dhcp6Option): Association6 | undefined {
  if (code !== dhcp6Option.identity || content.length < 12) return undefined;
  const number = (bytes: Uint8Array, at: number) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  const own = { identity: number(content, 0), renewal: number(content, 4), rebinding: number(content, 8) };
  const inside = optionsIn(content.subarray(12));
  const found = inside?.find((each) => each.code === dhcp6Option.address)?.content;
  if (found === undefined) return inside === undefined ? undefined : own;
  return { ...own, address: text6(found), preferred: number(found, 16), valid: number(found, 20) };
}

function optionsIn(bytes: Uint8Array): Dhcp6Option[] | undefined {
  const options: Dhcp6Option[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + HEAD > bytes.length) return undefined;
    const code = (bytes[at]! << 8) | bytes[at + 1]!;
    const end = at + HEAD + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (end > bytes.length) return undefined;
    options.push({ code, content: bytes.slice(at + HEAD, end) });
    at = end;
  }
  return options;
}
