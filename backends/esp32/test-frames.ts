/** Frames that tests send to an appliance at 10.0.2.15: a request of ARP, and a datagram. */

const hex = (digits: string): number[] => [...Buffer.from(digits.replace(/[ :]/g, ""), "hex")];
const HERE = "0a:00:02:02";
const THERE = "0a:00:02:0f";
const OWN = "02:00:00:00:00:02";

/** RFC 826: who has 10.0.2.15? */
export const arpRequest = (): Uint8Array =>
  Uint8Array.from(
    hex(`ff:ff:ff:ff:ff:ff ${OWN} 0806 0001 0800 06 04 0001 ${OWN} ${HERE} 00:00:00:00:00:00 ${THERE}`),
  );

/** RFC 768, over IPv4; no checksum of the datagram. */
export function datagram(mac: Uint8Array, port: number, payload: Uint8Array): Uint8Array {
  const udp = [...word(4000), ...word(port), ...word(8 + payload.length), 0, 0];
  return packet(mac, 17, [...udp, ...payload]);
}

/** RFC 792: identifier 9, number 1. */
export function echoRequest(mac: Uint8Array, content: readonly number[]): Uint8Array {
  const message = [8, 0, 0, 0, 0, 9, 0, 1, ...content];
  message.splice(2, 2, ...word(checksum(message)));
  return packet(mac, 1, message);
}

function packet(mac: Uint8Array, protocol: number, payload: readonly number[]): Uint8Array {
  const length = word(20 + payload.length);
  const header = [0x45, 0, ...length, 0, 1, 0, 0, 64, protocol, 0, 0, ...hex(HERE), ...hex(THERE)];
  header.splice(10, 2, ...word(checksum(header)));
  return Uint8Array.from([...mac, ...hex(OWN), 8, 0, ...header, ...payload]);
}

/** RFC 1071. */
function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let n = 0; n < bytes.length; n += 2) sum += (bytes[n]! << 8) | (bytes[n + 1] ?? 0);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~(sum + (sum >>> 16)) & 0xffff;
}

const word = (value: number): [number, number] => [(value >> 8) & 255, value & 255];
