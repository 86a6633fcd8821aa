/** Records and answers of a server that a zone is copied from, good ones and bad ones: those of `z.test`. */
import { wireName } from "./zones.ts";

export const nameOf = (zone: string) => wireName(zone === "root" ? "." : `${zone}.`);
export const be = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, n) => Math.floor(value / 256 ** (bytes - 1 - n)) & 255);

/** A record, with its name written out. */
export function record(
  name: string,
  type: number,
  value: readonly number[] | Uint8Array,
  ttl = 3600,
  clazz = 1,
): Uint8Array {
  const head = [
    ...wireName(`${name}.`),
    ...be(type, 2),
    ...be(clazz, 2),
    ...be(ttl, 4),
    ...be(value.length, 2),
  ];
  return Uint8Array.from([...head, ...value]);
}
/** Of a SOA, in seconds. */
export interface Times {
  readonly refresh?: number;
  readonly retry?: number;
  readonly expire?: number;
}
export function soa(serial: number, { refresh = 100, retry = 10, expire = 1000 }: Times = {}): Uint8Array {
  const numbers = [serial, refresh, retry, expire, 60].flatMap((n) => be(n, 4));
  return record("z.test", 6, [...wireName("ns.z.test."), ...wireName("h.z.test."), ...numbers]);
}
export const a = (name: string, last: number, ttl = 3600) => record(name, 1, [10, 0, 0, last], ttl);
export const ns = record("z.test", 2, wireName("ns.z.test."));
export const base = [ns, a("ns.z.test", 1)];

/** An answer to the question with these records. */
export function answer(question: Uint8Array, records: readonly Uint8Array[], rcode = 0): Buffer {
  const head = [question[0]!, question[1]!, 0x84, rcode, 0, 1, ...be(records.length, 2), 0, 0, 0, 0];
  const end = 12 + nameOf("z.test").length + 4;
  return Buffer.concat([Uint8Array.from(head), question.subarray(12, end), ...records]);
}
