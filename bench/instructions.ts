/** Guest instructions, counted by a TCG plugin (icount.c): to ready, and for each answered query. */
import { startQemu } from "../tools/qemu.ts";
import { build, zoneOf } from "./appliance.ts";
import { firstAnswerAt, hasNetwork, network, perQuery } from "./guest.ts";
import { linuxInstructions } from "./linux.ts";
import { peers } from "./peers.ts";
import { atMost, grouped, printTable, type Row, times } from "./table.ts";

const RECORDS = [20, 100_000] as const;
/** What a hundred thousand records may cost more than twenty. */
const SAME = 1.05;
/** ELF note of type 18 with the address where a PVH loader enters: xen/include/public/elfnote.h. */
const PVH_ENTRY = 18;

interface Answered {
  readonly one: readonly number[];
  readonly many: readonly number[];
}

export async function instructions(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  const rows: Row[] = [];
  const answered: Answered[] = [];
  for (const records of RECORDS) {
    const zone = zoneOf(records);
    const { image } = build(zone.path);
    const count = { marks: [pvhEntry(image)] };
    const machine = await startQemu({ image, args: network, memory: 128, count, limit: 600_000 });
    try {
      await machine.waitFor(/eth0: /);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { total, marks } = machine.counters();
      if (records === RECORDS[0])
        rows.push(atMost("from the PVH entry to ready", Number(total - marks[0]!.first), "", 2e6));
      firstAnswerAt("host-0.bench.test");
      answered.push({ one: perQuery(machine, zone.names, 1), many: perQuery(machine, zone.names, 32) });
    } finally {
      await machine.kill();
    }
  }
  const [small, large] = answered as [Answered, Answered];
  rows.push(
    query("a query, one outstanding", small.one, 2500),
    query("a query, 32 outstanding", small.many, 1500),
    same("one outstanding, 100,000 records", large.one, small.one),
    same("32 outstanding, 100,000 records", large.many, small.many),
    ...(await linuxInstructions(small.one[1]!, small.many[1]!)),
    ...peers.map(({ name, query: [one, many] }) => ({
      what: `  ${name} (recorded)`,
      measured: `${grouped(one)} / ${grouped(many)}`,
      beside: `${times(one, small.one[1]!)} / ${times(many, small.many[1]!)}`,
    })),
  );
  printTable("Guest instructions, median of three; interrupt to idle, everything included", rows);
}

const query = (what: string, counts: readonly number[], most: number): Row =>
  atMost(
    what,
    counts[1]!,
    "",
    most,
    `three runs: ${counts.map((each) => grouped(Math.round(each))).join(" ")}`,
  );

function same(what: string, large: readonly number[], small: readonly number[]): Row {
  const ratio = large[1]! / small[1]!;
  return {
    what,
    measured: grouped(Math.round(large[1]!)),
    goal: "within 5 % of 20 records",
    reached: ratio <= SAME && ratio >= 1 / SAME,
    beside: `${ratio.toFixed(3)} of it`,
  };
}

function pvhEntry(image: Uint8Array): number {
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  for (let at = 0; at + 20 <= Math.min(image.length, 4096); at += 4)
    if (view.getUint32(at, true) === 4 && view.getUint32(at + 8, true) === PVH_ENTRY)
      return view.getUint32(at + 16, true);
  throw new Error("the image has no PVH note");
}
