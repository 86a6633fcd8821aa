/** Appliances as the simulator runs them. */
import type { Diagnostic } from "#lang";
import { today } from "../edges/today.ts";
import { buildSubject, type Subject } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import type { Built } from "./network.ts";

export interface Builds {
  /** As many as there are subjects, or something was wrong. */
  readonly builds: readonly Built[];
  readonly diagnostics: readonly Diagnostic[];
}

/** As the next build will be; only that build writes into the lock. */
export async function buildAll(
  subjects: readonly Subject[],
  terminal: Terminal,
  locked = false,
): Promise<Builds> {
  const builds: Built[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const subject of subjects) {
    const options = { locked, simulated: true, ...(!locked && { day: today() }) };
    const each = await buildSubject(subject, terminal, options);
    diagnostics.push(...each.diagnostics);
    if (each.built === undefined) continue;
    const { image, report } = each.built;
    builds.push({ image, program: new WebAssembly.Module(image as BufferSource), report });
  }
  return { builds, diagnostics };
}
