import { expect, test } from "vitest";
import {
  compareWithNsd,
  dnsInstance,
  framed,
  oracleZones,
  questions,
  unframed,
} from "#tools/dns-oracle/index";

test("answers every generated question as NSD does, but for the tolerances that are stated", async () => {
  const zones = oracleZones();
  const about = { identity: "appl", version: "1" };
  const dns = await dnsInstance(zones, about);
  expect(dns.said).toEqual([]);
  const list = questions(zones);
  expect(list.length).toBeGreaterThan(15_000);
  const result = await compareWithNsd(async (query) => dns.ask(query), { zones, questions: list, ...about });
  expect(result.differences.slice(0, 10).join("\n\n")).toBe("");
  for (const [name, count] of Object.entries(result.tolerated))
    expect(count, `${name} is not needed`).toBeGreaterThan(0);
}, 120_000);

test("answers every generated question over TCP as NSD does", async () => {
  const zones = oracleZones();
  const about = { identity: "appl", version: "1" };
  const { stream } = await dnsInstance(zones, about);
  const ask = async (query: Uint8Array) => {
    stream.open();
    const [reply = null] = unframed(stream.arrive(framed(query)));
    stream.end();
    return reply;
  };
  const list = questions(zones).filter(({ slow }) => !slow);
  const result = await compareWithNsd(ask, { zones, questions: list, ...about, overTcp: true });
  expect(result.differences.slice(0, 10).join("\n\n")).toBe("");
}, 120_000);
