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
  const length = 8 + payload.length;
  const header = [0x45, 0, ...word(20 + length), 0, 1, 0, 0, 64, 17, 0, 0, ...hex(HERE), ...hex(THERE)];
  let sum = 0;
  for (let n = 0; n < 20; n += 2) sum += (header[n]! << 8) | header[n + 1]!;
  sum = (sum & 0xffff) + (sum >>> 16);
  header.splice(10, 2, ...word(~(sum + (sum >>> 16)) & 0xffff));
  const udp = [...word(4000), ...word(port), ...word(length), 0, 0];
  return Uint8Array.from([...mac, ...hex(OWN), 8, 0, ...header, ...udp, ...payload]);
}

const word = (value: number): [number, number] => [(value >> 8) & 255, value & 255];
