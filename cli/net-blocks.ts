/** The `net` blocks of a build, and which network device each is on. */
import type { BuildReport } from "#compiler";

export interface NetBlock {
  readonly options: Readonly<Record<string, string>>;
  /** Number of its device. */
  readonly device: number;
  /** Its virtual network there; 0: what has no tag. */
  readonly vlan: number;
}

export function netBlocks({ modules }: BuildReport): NetBlock[] {
  const blocks = modules.find(({ path }) => path === "std/net")?.settings ?? [];
  const vlans = blocks.map(({ options }) => Number(options["vlan"]) || 0);
  const devices = placed(
    blocks.map(({ options }) => options["port"]),
    vlans,
  );
  return blocks.map(({ options }, n) => ({ options, device: devices[n]!, vlan: vlans[n]! }));
}

/** How many network devices the machine is given: as many as its target says, else as many as its blocks need. */
export function devicesOf(report: BuildReport): number {
  return report.machine.nics ?? Math.max(0, ...netBlocks(report).map(({ device }) => device + 1));
}

/** As `stdlib/net/ethernet/places.ts` does it: who names no device has the next one that nobody names for what has no tag. */
function placed(ports: readonly (string | undefined)[], vlans: readonly number[]): number[] {
  const wishes = ports
    .map((port) => /\d+$/.exec(port ?? "")?.[0])
    .map((text) => (text ? Number(text) : undefined));
  const isNamed = (device: number) => wishes.some((wish, n) => wish === device && vlans[n] === 0);
  let next = 0;
  return wishes.map((wish) => {
    if (wish !== undefined) return wish;
    while (isNamed(next)) next += 1;
    return next++;
  });
}
