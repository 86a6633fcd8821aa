/** Who may say how much is in the code of each module that says anything: `./needs/log` of theirs is more than a name for the log's own file. */
import type { Value } from "#lang";
import type { Plan, PlannedModule } from "../resolve/plan.ts";

/** The interface of whoever writes lines; its options `level` and `module` are read here. */
export const LOG = "std/core.Log";
/** What is asked for by whoever takes lines elsewhere. */
const LINES = "std/core.LogLines";

/** Severities of RFC 5424 6.2.1. */
const levels: Readonly<Record<string, number>> = {
  none: 0,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

export const isLog = ({ module }: PlannedModule): boolean => module.offers.includes(LOG);

/** What stands behind `./parts` of the log. */
export function keptSource({ modules }: Plan): string {
  return `export const kept: bool = ${modules.some(({ module }) => module.needs.some((need) => need.interface === LINES))};\n`;
}

/** Names of all that say something, for set-up of the log. */
export function speakersSource({ modules }: Plan): string {
  const names = modules
    .filter(({ module }) => module.needs.some((need) => need.interface === LOG))
    .map((planned) => `"${speaker(planned)}"`);
  return `export const names: string[] = [${names.toSorted().join(", ")}];\n`;
}

/** `dns`, `net/arp`, `kvm/virtio`. */
const speaker = ({ module }: PlannedModule): string => module.path.slice(module.path.indexOf("/") + 1);

/** `from`: the log's own file, as seen from where this lies. */
export function atSource(from: string, planned: PlannedModule, plan: Plan): string {
  return `import { begin, beginAside } from "${from}";

export * from "${from}";

/** Begins a line, if so much may be said. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function at(level: u32): bool {
  if (level > ${levelOf(speaker(planned), plan)}) return false;
  begin(level, "${speaker(planned)}");
  return true;
}

/** The same, but not for the console. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function aside(level: u32): bool {
  if (level > ${levelOf(speaker(planned), plan)}) return false;
  beginAside(level, "${speaker(planned)}");
  return true;
}
`;
}

function levelOf(name: string, plan: Plan): number {
  const settings = plan.modules.find(isLog)?.use.instances[0]?.config.fields;
  let level = number(settings?.get("level"));
  let length = -1;
  const modules = settings?.get("module");
  if (modules?.kind !== "map") return level;
  for (const { key, value } of modules.entries.values()) {
    if (key.kind !== "str" || key.value.length <= length) continue;
    if (name !== key.value && !name.startsWith(`${key.value}/`)) continue;
    level = number(value);
    length = key.value.length;
  }
  return level;
}

const number = (level: Value | undefined): number =>
  (level?.kind === "tagged" ? levels[level.tag] : undefined) ?? levels["info"]!;
