/** Plan → generated AssemblyScript: who is imported by which name, and who is called when. */
import type { CodeFile, ModuleDecl, Need } from "#lang";
import type { Plan, PlannedModule } from "../resolve/plan.ts";
import { configSource } from "./config.ts";
import { atSource, isLog, keptSource, LOG, speakersSource } from "./log.ts";
import { anyMachine, MACHINE, machineSource } from "./machine.ts";
import { camel } from "./names.ts";
import { folderOf, joined, relative, withoutExtension } from "./paths.ts";
import { isAtStart } from "./slots.ts";

/** The interface whose `run` drives the program where there is no Node to do it. */
const LOOP = "std/core.Loop";
/** The interface of whoever shows what modules count: where nobody does, `measured` is false. */
const MONITOR = "std/core.Monitor";

export interface Wiring {
  /** The file with the exports of the appliance, and the one with those of set-up. */
  readonly entry: string;
  readonly setUp: string;
  /** Path → text. */
  readonly generated: ReadonlyMap<string, string>;
  /** Exports that exist at run time. */
  readonly keep: readonly string[];
  /** What `prepare` is called with, in this order: settings number n is the n-th. */
  readonly prepared: readonly Prepared[];
  /** Folder of sources → path of the module, or of the library, that they belong to. */
  readonly owners: ReadonlyMap<string, string>;
}

export interface Prepared {
  readonly module: string;
  /** Index among the module's instances. */
  readonly instance: number;
}

const FOLDER = "appliance";

/** Equal plans give equal texts: modules, parts and the machine decide, and of settings only how much may be said. */
export function wire(plan: Plan, machine = anyMachine): Wiring {
  const generated = new Generated();
  const owners = new Map<string, string>();
  const files = new Map(plan.modules.map(({ module }) => [module.path, entryOf(plan, module.path, "as")]));
  for (const planned of plan.modules) {
    for (const folder of foldersOf(planned)) {
      owners.set(folder, owners.has(folder) ? planned.module.library : planned.module.path);
      const path = (name: string) => joined(folder, `${name}.ts`);
      // What no part asks for is an empty file: code imports it as a whole, and calls it only where the part is on.
      for (const need of planned.module.needs) {
        const file = providerOf(planned, need.name, files);
        generated.add(path(`needs/${need.name}`), needSource(folder, file, need, planned, plan), planned);
      }
      const parts = [
        partsSource(planned),
        isMeasured(planned) ? measuredSource(plan) : "",
        isLog(planned) ? keptSource(plan) : "",
      ].join("");
      if (isLog(planned)) generated.add(path("speakers"), speakersSource(plan), planned);
      if (parts !== "") generated.add(path("parts"), parts, planned);
      for (const [name, exports] of [
        ["turn", "turn"],
        ["told", "measures, health"],
        ["idle", "rest"],
      ])
        generated.add(
          path(name!),
          `export { ${exports} } from "${relative(folder, `${FOLDER}/${name}`)}";\n`,
          planned,
        );
    }
    const prepare = codeOf(planned.module, "prepare");
    if (prepare === undefined) continue;
    const folder = folderOf(pathOf(planned, prepare));
    const core = relative(folder, "stdlib/core/x").replace(/\/x$/, "");
    generated.add(joined(folder, "config.ts"), configSource(planned.module, core), planned);
  }
  for (const { library } of plan.modules) {
    const folder = folderOf(library.file);
    if (!owners.has(folder)) owners.set(folder, library.path);
  }
  generated.add(MACHINE, machineSource(machine));
  const prepared = preparedOf(plan);
  const loop = plan.roots.get(LOOP);
  generated.add(`${FOLDER}/turn.ts`, turnSource(plan));
  generated.add(`${FOLDER}/told.ts`, toldSource(plan));
  generated.add(`${FOLDER}/idle.ts`, idleSource(plan));
  generated.add(`${FOLDER}/main.ts`, mainSource(plan, loop && files.get(loop)));
  generated.add(`${FOLDER}/prepare.ts`, prepareSource(plan, prepared));
  return {
    entry: `${FOLDER}/main.ts`,
    setUp: `${FOLDER}/prepare.ts`,
    generated: generated.files,
    keep: ["start", loop === undefined ? "poll" : "run"],
    prepared,
    owners,
  };
}

class Generated {
  readonly files = new Map<string, string>();

  add(path: string, text: string, by?: PlannedModule): void {
    const known = this.files.get(path);
    if (known !== undefined && known !== text)
      throw new Error(
        `BUG: ${by?.module.path} shares a folder with another module, and they differ in ${path}`,
      );
    this.files.set(path, text);
  }
}

function providerOf(
  { bindings }: PlannedModule,
  need: string,
  files: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const provider = bindings.get(need);
  return provider === undefined ? undefined : files.get(provider);
}

function needSource(
  folder: string,
  file: string | undefined,
  need: Need,
  planned: PlannedModule,
  plan: Plan,
): string {
  if (file === undefined) return "export {};\n";
  const from = relative(joined(folder, "needs"), withoutExtension(file));
  return need.interface === LOG ? atSource(from, planned, plan) : `export * from "${from}";\n`;
}

function partsSource({ use }: PlannedModule): string {
  return use.parts
    .filter((part) => !part.planned)
    .map(({ name, on }) => `export const ${camel(name)}: bool = ${on};\n`)
    .join("");
}

const isMeasured = ({ module }: PlannedModule): boolean =>
  codeOf(module, "as")?.hooks.includes("measure") === true;

function measuredSource({ modules }: Plan): string {
  const measured = modules.some(({ module }) => module.offers.includes(MONITOR));
  return `export const measured: bool = ${measured};\n`;
}

const codeOf = (module: ModuleDecl, kind: string): CodeFile | undefined =>
  module.code.find((code) => code.kind === kind);

const pathOf = ({ library }: PlannedModule, { file }: CodeFile): string =>
  joined(folderOf(library.file), file);

function entryOf(plan: Plan, path: string, kind: string): string | undefined {
  const planned = plan.modules.find(({ module }) => module.path === path);
  const code = planned && codeOf(planned.module, kind);
  return code && pathOf(planned, code);
}

const foldersOf = (planned: PlannedModule): string[] => [
  ...new Set(
    planned.module.code
      .filter(({ kind }) => kind === "as" || kind === "prepare")
      .map((code) => folderOf(pathOf(planned, code))),
  ),
];

function preparedOf(plan: Plan): Prepared[] {
  return plan.modules
    .filter(({ module }) => codeOf(module, "prepare") !== undefined)
    .flatMap(({ module, use }) => use.instances.map((_, instance) => ({ module: module.path, instance })));
}

/** Modules with the hook, as `[import statement, call]` of it. */
function hooked(plan: Plan, hook: string): { readonly imported: string; readonly name: string }[] {
  return plan.modules.flatMap((planned, n) => {
    const code = codeOf(planned.module, "as");
    if (code === undefined || !code.hooks.includes(hook)) return [];
    const name = `${hook}${n}`;
    return [{ imported: importing(planned, code, hook, name), name }];
  });
}

function importing(planned: PlannedModule, code: CodeFile, name: string, as: string): string {
  return `import { ${name} as ${as} } from "${relative(FOLDER, withoutExtension(pathOf(planned, code)))}";\n`;
}

function turnSource(plan: Plan): string {
  const polls = hooked(plan, "poll");
  const deadlines = hooked(plan, "deadline");
  return `${[...polls, ...deadlines].map(({ imported }) => imported).join("")}
export function turn(now: u64): u64 {
${polls.map(({ name }) => `  ${name}(now);\n`).join("")}  let next: u64 = u64.MAX_VALUE;
${deadlines.map(({ name }) => `  next = min<u64>(next, ${name}());\n`).join("")}  return next;
}
`;
}

/** Who has the hook is asked, one after the other: what it counts, while the image is built; how it is, at run time. */
function toldSource(plan: Plan): string {
  const measures = hooked(plan, "measure");
  const health = hooked(plan, "health");
  const core = relative(FOLDER, "stdlib/core/x").replace(/\/x$/, "");
  return `import { Measures } from "${core}/measures";
import { Reasons } from "${core}/reasons";
${[...measures, ...health].map(({ imported }) => imported).join("")}
export function measures(to: Measures): void {
${measures.map(({ name }) => `  ${name}(to);\n`).join("")}}

export function health(to: Reasons): void {
${health.map(({ name }) => `  ${name}(to);\n`).join("")}}
`;
}

/** Modules that can do without a value of the start: they do nothing then. */
const restingIn = (plan: Plan): PlannedModule[] =>
  plan.modules.filter(({ module }) => codeOf(module, "as")?.hooks.includes("rest"));

/** Who fills slots tells them by number, and hears what they do not do. */
function idleSource(plan: Plan): string {
  const resting = hooked(plan, "rest");
  return `${resting.map(({ imported }) => imported).join("")}
export function rest(number: i32): string {
${resting.map(({ name }, n) => `  if (number == ${n}) return ${name}();\n`).join("")}  return "";
}
`;
}

function mainSource(plan: Plan, loop: string | undefined): string {
  const starts = hooked(plan, "start");
  const driver =
    loop === undefined
      ? `export { turn as poll } from "./turn";\n`
      : `export { run } from "${relative(FOLDER, withoutExtension(loop))}";\n`;
  return `${starts.map(({ imported }) => imported).join("")}${driver}import { expand } from "${relative(FOLDER, "stdlib/core/expand")}";

export function start(): void {
  expand();
${starts.map(({ name }) => `  ${name}();\n`).join("")}}
`;
}

function prepareSource(plan: Plan, prepared: readonly Prepared[]): string {
  const imports: string[] = [];
  const calls: string[] = [];
  const hasSlots = plan.secrets.some(isAtStart);
  const resting = restingIn(plan);
  if (hasSlots) imports.push(`import { own } from "${relative(FOLDER, "stdlib/core/slots/registry")}";\n`);
  prepared.forEach(({ module, instance }, number) => {
    const index = plan.modules.findIndex((planned) => planned.module.path === module);
    const planned = plan.modules[index]!;
    const code = codeOf(planned.module, "prepare")!;
    if (instance === 0) {
      const config = joined(folderOf(pathOf(planned, code)), "config");
      imports.push(importing(planned, code, "prepare", `prepare${index}`));
      imports.push(`import { settings as settings${index} } from "${relative(FOLDER, config)}";\n`);
    }
    if (hasSlots) calls.push(`  own(${resting.indexOf(planned)});\n`);
    calls.push(`  prepare${index}(settings${index}(${number}));\n`);
  });
  return `${imports.join("")}
export function prepare(): void {
${calls.join("")}}

export function collect(): void {
  __collect();
}
`;
}
