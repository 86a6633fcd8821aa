/** Where a simulated appliance has failed: function, source line and module, the innermost first. */
import type { Trap } from "#simulate";
import { linesOf } from "../run/console.ts";
import { hostTrace } from "../run/host-trace.ts";
import type { Built } from "./network.ts";

export async function trapTrace(
  { machine, cause }: Trap,
  builds: readonly Pick<Built, "image" | "report">[],
): Promise<string> {
  const built = builds.find(({ report }) => report.appliance === machine);
  if (built === undefined || !(cause instanceof Error)) return "";
  return hostTrace(cause.stack ?? "", built.image, await linesOf(built.report));
}
