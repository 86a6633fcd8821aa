/** Modules and parts that a description asks for and that have no code yet: it can be checked, and not be built. */
import { type Configuration, type Diagnostic, fill, kind, type Span } from "#lang";
import type { Plan, PlannedModule } from "./plan.ts";

export interface Unwritten {
  /** `std/firewall`. */
  readonly module: string;
  /** Of a module that has code for the rest. */
  readonly part: string | undefined;
  /** The block, or the setting, that asked for it. */
  readonly span: Span;
  /** What the part is, or when it is needed. */
  readonly about: string | undefined;
}

/** What can be in no image, whatever code is written: why, and what to take in its place. */
const never: Readonly<Record<string, { readonly why: string; readonly instead: string }>> = {
  "std/wifi": {
    why: "no image can have WiFi: Espressif's radio runs only with a closed program of Espressif's",
    instead:
      "take a board with Ethernet, `esp32.olimex_poe` or another one, and in the place of this block write  net eth0 { address = dhcp }",
  },
};

/** Blocks of such modules. Nothing else of the description needs to be looked at. */
export const impossible = ({ modules }: Pick<Configuration, "modules">): readonly Unwritten[] =>
  modules
    .filter(({ module }) => Object.hasOwn(never, module.path))
    .map(({ module, because }) => ({
      module: module.path,
      part: undefined,
      span: because,
      about: undefined,
    }));

/** In the order of the plan. A module without any code is named once, its parts are not. */
export function unwritten({ modules }: Plan): readonly Unwritten[] {
  return modules.flatMap((planned) => (hasCode(planned) ? partsOf(planned) : [moduleOf(planned)]));
}

/** Code out of packages would have to be held to the rules that the library's is held to; that is not there yet. */
const isOfPackage = (module: string): boolean => module.startsWith("pkg/");

const hasCode = ({ module }: PlannedModule): boolean =>
  module.code.length > 0 && !isOfPackage(module.library);

const moduleOf = ({ module, use }: PlannedModule): Unwritten => ({
  module: module.path,
  part: undefined,
  span: use.because,
  about: undefined,
});

function partsOf({ module, use }: PlannedModule): readonly Unwritten[] {
  return use.parts
    .filter(({ on, planned }) => on && planned)
    .map(({ name, asked, conditionText }) => ({
      module: module.path,
      part: name,
      span: asked ?? use.because,
      about:
        module.parts.find((part) => part.name === name)?.docs ?? `it is needed when \`${conditionText}\``,
    }));
}

export const unwrittenKind = kind<Unwritten & { readonly target: string }>({
  title: "No code for this yet",
  text: ({ module, part, target }) =>
    never[module]?.why ??
    (isOfPackage(module)
      ? `\`${module}\` is a module of a package, and these have no code yet: packages bring types, values and functions`
      : part === undefined
        ? `\`${module}\` has no code yet for target \`${target}\``
        : `\`${module}\` has no code yet for its part \`${part}\` on target \`${target}\``),
  label: () => "asked for here",
  help: ({ module, part }) =>
    never[module]?.instead ??
    `leave this ${part === undefined ? "block" : "setting"} out to build; \`appl check\` does without the code`,
  note: ({ about }) => about,
});

export const noCode = (found: Unwritten, target: string): Diagnostic =>
  fill("E0620", unwrittenKind, found.span, { ...found, target });
