/** Copies of zones are held against NSD with their files. */
import { beforeAll, expect, test } from "vitest";
import {
  compareWithNsd,
  type DnsInstance,
  dnsInstance,
  framed,
  message,
  oracleZones,
  questions,
  recordsOf,
  unframed,
} from "#tools/dns-oracle/index";
import { nameOf } from "#tools/dns-oracle/z-test";

const AXFR = 252;
const PRIMARY = 0x0a000001;
const DOWNSTREAM = 0x0a000003;
const zones = oracleZones();
let copies: DnsInstance;
let primary: DnsInstance;
beforeAll(async () => {
  const transfers = Object.fromEntries(zones.map((_, n) => [n, { to: DOWNSTREAM }]));
  primary = await dnsInstance(zones, { transfers, identity: "appl", version: "1" });
  copies = await dnsInstance([], {
    ...{ identity: "appl", version: "1", transfers },
    secondaries: zones.map(({ name }) => ({ name, from: PRIMARY, memory: 2 ** 20 })),
  });
  for (let n = 0; n < 40 * zones.length; n++) {
    copies.stream.time(0);
    const [question] = unframed(copies.stream.room(1000));
    if (question === undefined) continue;
    primary.stream.open(DOWNSTREAM);
    copies.stream.arrive(primary.stream.arrive(framed(question)));
  }
});

test("a copy gives the same copy", () => {
  for (const { name } of zones) {
    const copied = (from: DnsInstance) => {
      from.stream.open(DOWNSTREAM);
      return recordsOf(unframed(from.stream.arrive(framed(message(nameOf(name), AXFR, {}))))).toSorted();
    };
    expect(copied(copies), name).toEqual(copied(primary));
  }
});

test("every generated question is answered from copies as NSD answers from its files", async () => {
  // What it is asked here it answers as a server that copies, and is copied from. Which set answers ANY is a matter of their order (RFC 8482 4.1), which a transfer does not keep.
  const list = questions(zones).filter(({ title }) => !/transfer| 255|opcode 4|IXFR/.test(title));
  const about = { identity: "appl", version: "1" };
  const result = await compareWithNsd(async (query) => copies.ask(query), {
    zones,
    questions: list,
    ...about,
  });
  expect(result.differences.slice(0, 10).join("\n\n")).toBe("");
}, 120_000);
