import { expect, test } from "vitest";
import { compareWithNsd, dnsInstance, oracleZones, questions } from "#tools/dns-oracle/index";

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
