/** Prefixes, sockets and hardware addresses as text. */
import { fault, type Parsed, parsed, shifted } from "./fault.ts";
import { bitsOf, formatIp, parseIp, parseIp4, parseIp6 } from "./ip.ts";
import type { IpValue, MacValue, PrefixValue, SocketValue } from "./value.ts";

/** `10.0.0.1/8`: an address and a length, whatever the host bits. */
export function parsePrefix(text: string): Parsed<PrefixValue> {
  const slash = text.lastIndexOf("/");
  if (slash === -1) return fault("a prefix is an address, `/` and a length", 0, text.length);
  const ip = parseIp(text.slice(0, slash));
  if (!ip.ok) return shifted(ip.fault, 0);
  const digits = text.slice(slash + 1);
  const most = bitsOf(ip.value.family);
  const mask = lengthOfMask(digits);
  if (mask !== undefined)
    return fault(
      "the length of a prefix is a number: how many bits of this mask are 1",
      slash + 1,
      text.length,
      `${text.slice(0, slash)}/${mask}`,
    );
  if (!/^\d+$/.test(digits)) return fault("the length of a prefix is a number", slash + 1, text.length);
  if (digits.length > 1 && digits.startsWith("0"))
    return fault("the length of a prefix has no leading zero", slash + 1, text.length);
  const length = Number(digits);
  if (length > most)
    return fault(
      `an IPv${ip.value.family} prefix is at most ${most} bits long, and this is ${digits}`,
      slash,
      text.length,
    );
  return parsed({ kind: "prefix", ip: ip.value, length });
}

/** The bits behind the prefix's length. */
export function hostBits({ ip, length }: PrefixValue): bigint {
  return ip.bits & hostMask(ip, length);
}

const hostMask = (ip: IpValue, length: number): bigint => (1n << BigInt(bitsOf(ip.family) - length)) - 1n;

/** The whole network that the address is in. */
export function networkOf(prefix: PrefixValue): PrefixValue {
  return { ...prefix, ip: { ...prefix.ip, bits: prefix.ip.bits - hostBits(prefix) } };
}

/** The last address of the network. */
export function lastOf({ ip, length }: PrefixValue): IpValue {
  return { ...ip, bits: ip.bits | hostMask(ip, length) };
}

export function contains(network: PrefixValue, ip: IpValue): boolean {
  if (ip.family !== network.ip.family) return false;
  const shift = BigInt(bitsOf(ip.family) - network.length);
  return ip.bits >> shift === network.ip.bits >> shift;
}

/** Why an `IfaceAddr` cannot be this; undefined if it can. */
export function notOneMachine(prefix: PrefixValue): string | undefined {
  const width = bitsOf(prefix.ip.family);
  if (width - prefix.length < 2) return undefined; // RFC 3021 and RFC 6164: both addresses of such a link are machines
  if (hostBits(prefix) === 0n)
    return prefix.ip.family === 4
      ? "all bits behind the prefix are zero: this is the network itself"
      : "all bits behind the prefix are zero: this address means any router of the network (RFC 4291 2.6.1)";
  if (prefix.ip.family === 4 && lastOf(prefix).bits === prefix.ip.bits)
    return "all bits behind the prefix are one: this address means every machine of the network";
  return undefined;
}

export const formatPrefix = ({ ip, length }: PrefixValue): string => `${formatIp(ip)}/${length}`;

const MAX_PORT = 65_535;

/** `192.0.2.1:53`, `[2001:db8::1]:53`, `*:53`. */
export function parseSocket(text: string): Parsed<SocketValue> {
  const colon = text.lastIndexOf(":");
  if (colon === -1) return fault("a socket address is an address, `:` and a port", 0, text.length);
  const digits = text.slice(colon + 1);
  if (!/^\d+$/.test(digits)) return fault("a port is a number", colon + 1, Math.max(text.length, colon + 2));
  const host = text.slice(0, colon);
  const port = Number(digits);
  if (port > MAX_PORT)
    return fault(`${digits} is above ${MAX_PORT}, the highest port`, colon + 1, text.length);
  if (host === "*") return parsed({ kind: "socket", ip: undefined, port });
  if (host.startsWith("[")) {
    if (!host.endsWith("]")) return fault("`[` is not closed", 0, host.length);
    const ip = parseIp6(host.slice(1, -1));
    return ip.ok ? parsed({ kind: "socket", ip: ip.value, port }) : shifted(ip.fault, 1);
  }
  const ip = parseIp4(host);
  return ip.ok ? parsed({ kind: "socket", ip: ip.value, port }) : shifted(ip.fault, 0);
}

export function formatSocket({ ip, port }: SocketValue): string {
  if (!ip) return `*:${port}`;
  return ip.family === 6 ? `[${formatIp(ip)}]:${port}` : `${formatIp(ip)}:${port}`;
}

/** `00:1b:a9:12:34:56`. */
export function parseMac(text: string): Parsed<MacValue> {
  const digits = text.replace(/[:.-]/g, "");
  if (/[.-]/.test(text) && /^[0-9a-fA-F]{12}$/.test(digits))
    return fault("its six parts are separated by `:`", 0, text.length, digits.replace(/..(?=.)/g, "$&:"));
  const parts = text.split(":");
  let at = 0;
  for (const part of parts) {
    if (!/^[0-9a-fA-F]{2}$/.test(part))
      return fault(
        "each part of a hardware address is two hexadecimal digits",
        at,
        at + Math.max(part.length, 1),
      );
    at += part.length + 1;
  }
  if (parts.length !== 6)
    return fault(`a hardware address has six parts, and this has ${parts.length}`, 0, text.length);
  return parsed({ kind: "mac", bits: BigInt(`0x${parts.join("")}`) });
}

export function formatMac({ bits }: MacValue): string {
  return bits
    .toString(16)
    .padStart(12, "0")
    .replace(/..(?=.)/g, "$&:");
}

/** `255.255.252.0` is 22. */
function lengthOfMask(text: string): number | undefined {
  const ip = text.includes(".") ? parseIp(text) : undefined;
  if (!ip?.ok || ip.value.family !== 4) return undefined;
  const bits = ip.value.bits.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}
