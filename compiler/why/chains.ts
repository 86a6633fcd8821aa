/** Why a module is there: ways from the description or the target down to it. */
import type { ModuleReport, ReasonReport } from "../build/report.ts";

export interface Link {
  readonly module: string;
  readonly reason: ReasonReport;
}

const MOST_CHAINS = 8;

/** Shortest first, without circles. */
export function chainsTo(
  modules: readonly ModuleReport[],
  module: string,
): { readonly chains: readonly (readonly Link[])[]; readonly more: boolean } {
  const byPath = new Map(modules.map((each) => [each.path, each]));
  const found: Link[][] = [];
  const queue: { at: string; chain: Link[] }[] = [{ at: module, chain: [] }];
  for (let next = queue.shift(); next !== undefined && found.length <= MOST_CHAINS; next = queue.shift()) {
    for (const reason of byPath.get(next.at)?.reasons ?? []) {
      const chain = [{ module: next.at, reason }, ...next.chain];
      if (reason.from === undefined) found.push(chain);
      else if (!chain.slice(1).some((link) => link.module === reason.from))
        queue.push({ at: reason.from, chain });
    }
  }
  return { chains: found.slice(0, MOST_CHAINS), more: found.length > MOST_CHAINS };
}

export function chainText(chain: readonly Link[]): string[] {
  return chain.flatMap(({ reason }, depth) => {
    const indent = "  ".repeat(depth + 1);
    return [`${indent}${reasonText(reason)}`, ...partText(reason).map((line) => `${indent}  ${line}`)];
  });
}

function partText({ part }: ReasonReport): string[] {
  if (part === undefined) return [];
  const { name, when, place, asked } = part;
  const where = (at: typeof place) => (at === undefined ? "" : `   ${at.file}:${at.line}:${at.column}`);
  const on = `with its part \`${name}\`, when ${when}${where(place)}`;
  return asked === undefined ? [on] : [on, `which holds for \`${asked.text}\`${where(asked.place)}`];
}

/** `ns1.appl:9:3  net eth0`; `std/net/ipv4 needs arp (std/net.Arp)  stdlib/net/net.appl:60:9`. */
export function reasonText({ kind, from, text, interface: wanted, place }: ReasonReport): string {
  const where = place === undefined ? "" : `   ${place.file}:${place.line}:${place.column}`;
  switch (kind) {
    case "block":
      return `the description says \`${text}\`${where}`;
    case "target":
      return `the target asks for ${wanted ?? text}`;
    case "need":
      return `${from} needs ${text}: ${wanted}${where}`;
  }
}
