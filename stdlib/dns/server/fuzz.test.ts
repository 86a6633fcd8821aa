import { expect, test } from "vitest";
import { chance, dnsInstance, oracleZones, questions, readMessage } from "#tools/dns-oracle/index";

const ROUNDS = 1_000_000;
const UDP_SIZE = 1232;

test("a million damaged questions: no trap, no reply larger than allowed, no growth of memory", async () => {
  const zones = oracleZones();
  const dns = await dnsInstance(zones, { identity: "appl", version: "1" });
  const memory = dns.memorySize();
  const originals = questions(zones).map((question) => question.bytes);
  const next = chance(20261121);
  for (let round = 0; round < ROUNDS; round++) {
    const query = damaged(originals, next);
    const reply = dns.ask(query, UDP_SIZE);
    if (reply === null) continue;
    const hasOpt = reply[11] !== 0 && reply.length > 12;
    const code = reply[3]! & 15;
    const most =
      code === 1 || code === 4 || code === 5 ? Math.max(12, query.length) : hasOpt ? UDP_SIZE : 512;
    if (reply.length > most)
      throw new Error(`${reply.length} bytes for ${Buffer.from(query).toString("hex")}`);
    if ((reply[2]! & 0x80) === 0) throw new Error(`no reply: ${Buffer.from(reply).toString("hex")}`);
    if (round % 8 === 0) readMessage(reply);
  }
  expect(dns.memorySize()).toBe(memory);
}, 300_000);

function damaged(originals: readonly Uint8Array[], next: (limit: number) => number): Uint8Array {
  let bytes = Uint8Array.from(originals[next(originals.length)]!);
  for (let count = next(4); count > 0 && bytes.length > 0; count--) {
    const at = next(bytes.length);
    const kind = next(8);
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1) bytes[at] = next(256);
    else if (kind === 2) bytes[at]! ^= 1 << next(8);
    else if (kind === 3) bytes.set([0xc0 | next(64), next(256)].slice(0, bytes.length - at), at);
    else if (kind === 4) bytes[next(Math.min(12, bytes.length))] = next(256);
    else if (kind === 5)
      bytes = Uint8Array.from([...bytes, ...originals[next(originals.length)]!.subarray(next(40))]);
    else if (kind === 6)
      bytes = Uint8Array.from([...bytes.subarray(0, at), next(256), ...bytes.subarray(at)]);
    else bytes[at] = [0, 1, 3, 63, 64, 0x29, 0x80, 0xff][next(8)]!;
  }
  return bytes.subarray(0, 4096);
}
