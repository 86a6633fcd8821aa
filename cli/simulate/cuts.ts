/** Cables that are cut for a while. */
import type { Simulation, Time } from "#simulate";
import type { Network } from "./network.ts";
import { Unclear } from "./unclear.ts";

/** Between these times an appliance's cables are cut; all of them if none is named. */
export interface Cut {
  readonly appliance: string | undefined;
  readonly from: Time;
  readonly to: Time;
}

export function scheduleCuts(
  simulation: Simulation,
  { lines, machines }: Network,
  cuts: readonly Cut[],
): void {
  const names = machines.map(({ name }) => name);
  for (const { appliance, from, to } of cuts) {
    if (appliance !== undefined && !names.includes(appliance))
      throw new Unclear(
        `no cable can be cut of \`${appliance}\`: there is no such appliance`,
        `appliances: ${names.join(", ")}`,
      );
    for (const { cable, appliance: owner } of lines) {
      if (appliance !== undefined && owner !== appliance) continue;
      simulation.at(from, () => cable.cut());
      simulation.at(to, () => cable.heal());
    }
  }
}
