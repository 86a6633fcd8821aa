/** E06xx: what stands in the way of a plan. */
import { type Diagnostic, fill, kind, type Label, type ModuleDecl, type Span } from "#lang";
import type { Reason } from "./plan.ts";
import type { Around } from "./resolve.ts";

interface Asked {
  /** `net.Link` */
  readonly wanted: string;
  readonly chain: readonly string[];
}

const chainNote = ({ chain }: Asked): string | undefined =>
  chain.length > 1 ? `it is needed in these steps: ${chain.join(", ")}` : undefined;

/** What people call it. */
const hardware = { "gpio.Pins": "pins that a program can switch", "core.Watchdog": "watchdog" } as const;

const isHardware = (wanted: string): wanted is keyof typeof hardware => Object.hasOwn(hardware, wanted);

export const resolveCatalog = {
  E0610: kind<Asked>({
    title: "Nobody offers what is needed",
    text: ({ wanted }) =>
      isHardware(wanted)
        ? `this board has no ${hardware[wanted]}: no module offers \`${wanted}\` here`
        : `no module offers \`${wanted}\``,
    label: ({ wanted }) => `needs \`${wanted}\``,
    help: ({ wanted }) =>
      isHardware(wanted)
        ? "leave this out or choose another target; `appl simulate` has a scripted board"
        : "leave this out, or choose another target",
    note: chainNote,
  }),
  E0611: kind<Asked & { readonly modules: readonly string[] }>({
    title: "Several offer what is needed",
    text: ({ wanted, modules }) =>
      `${modules.map((path) => `\`${path}\``).join(" and ")} ${modules.length === 2 ? "both" : "all"} offer \`${wanted}\``,
    label: ({ wanted }) => `needs \`${wanted}\``,
    help: () => "leave out the `use` of one of them, or give the one that you want a block",
    note: chainNote,
  }),
  E0612: kind<Asked & { readonly module: string }>({
    title: "Modules need each other",
    text: ({ module }) => `\`${module}\` needs itself`,
    label: () => "leads into a circle",
    help: () => "one of the modules must do without the other",
    note: chainNote,
  }),
} as const;

/** The description is sound, and can be tried in the simulator; only an image cannot be made. */
export const isLackOfBoard = ({ code, text }: Diagnostic): boolean =>
  code === "E0610" && Object.values(hardware).some((what) => text.startsWith(`this board has no ${what}`));

export const missing = (around: Around, wanted: string): Diagnostic =>
  fill("E0610", resolveCatalog.E0610, place(around), asked(around, wanted), needLabels(around));

export function ambiguous(around: Around, wanted: string, candidates: readonly ModuleDecl[]): Diagnostic {
  const data = { ...asked(around, wanted), modules: candidates.map(({ path }) => path) };
  const offers = candidates.map(({ span, path }) => ({ span, text: `\`${path}\` offers it` }));
  return fill("E0611", resolveCatalog.E0611, place(around), data, [...needLabels(around), ...offers]);
}

export const circular = (around: Around, module: ModuleDecl): Diagnostic =>
  fill(
    "E0612",
    resolveCatalog.E0612,
    place(around),
    { ...asked(around, ""), module: module.path },
    needLabels(around),
  );

/** `std/net.Link` is `net.Link` for people. */
const shortName = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

function asked({ chain }: Around, wanted: string): Asked {
  return { wanted: shortName(wanted), chain: chain.flatMap(stepText) };
}

function stepText(reason: Reason): string[] {
  if (reason.kind === "block") return [];
  const asker = reason.kind === "need" ? `\`${reason.from}\`` : "the target";
  return [`${asker} needs \`${shortName(reason.interface)}\``];
}

/** The user's own block, if there is one: the rest is the library's business. */
function place({ configuration, chain }: Around): Span {
  const block = chain.find((reason) => reason.kind === "block");
  return block?.span ?? configuration.appliance.span;
}

function needLabels({ chain }: Around): Label[] {
  const last = chain.at(-1);
  return last?.kind === "need" ? [{ span: last.span, text: `\`${last.from}\` needs it here` }] : [];
}
