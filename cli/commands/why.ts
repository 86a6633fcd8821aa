import * as z from "zod";
import { type CostNode, chainsTo, chainText, costOf, costTree } from "#compiler";
import { didYouMean } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { diagnostic, reason, sourcePlace } from "../json.ts";
import { reasonRow } from "../modules-report.ts";
import { paramsOf, type Subject, shownPath, subjectOf } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { absenceLines } from "../why/absence.ts";
import { bytesText } from "../why/cost.ts";
import { largestText } from "../why/largest.ts";
import { costedModules, plannedOf } from "../why/modules.ts";

const cost = z.object({ image: z.number().describe("Bytes of code"), ram: z.number() });
interface Tree extends z.output<typeof cost> {
  name: string;
  own: z.output<typeof cost>;
  children: Tree[];
}
const tree: z.ZodType<Tree> = cost.extend({
  name: z.string(),
  own: cost,
  get children() {
    return z.array(tree);
  },
});
const said = z.object({ text: z.string(), place: sourcePlace.optional() });

const result = z.object({
  ok: z.boolean(),
  module: z.string().optional(),
  target: z.string(),
  measured: z.boolean().optional().describe("False: not built, sizes are what the libraries estimate"),
  bytes: z.number().optional().describe("Of its own code"),
  memory: z.number().optional().describe("That set-up has filled or set aside for it"),
  total: cost.optional().describe("With all that is only there because of it"),
  only: z.array(z.string()).optional().describe("Modules that are only there because of it"),
  chains: z
    .array(z.array(reason.extend({ module: z.string() })))
    .optional()
    .describe("From the description or the target down to the module, the shortest first, at most eight"),
  more: z.boolean().optional().describe("There are further, longer chains"),
  largest: tree.optional().describe("With --largest: everything; below each what is only there for it"),
  absence: z
    .object({
      unused: z.boolean().describe("The description does not reach its library"),
      skipped: z.array(z.object({ block: said, when: said })),
      parts: z.array(z.object({ module: z.string(), part: z.string(), need: z.string(), when: said })),
      met: z.array(z.object({ module: z.string(), need: z.string(), by: z.string() })),
      askers: z.array(z.string()),
      block: z.string().optional(),
    })
    .optional()
    .describe("With --not"),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;

export const why = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const [reference, module] = args;
  const missing = options["not"];
  const asked = [module, missing, options["largest"]].filter((each) => each !== undefined && each !== false);
  if (asked.length !== 1)
    throw usageError(
      "`appl why` answers one question: MODULE, --not MODULE or --largest",
      `for example appl why ${reference} std/net/arp`,
    );
  const subject = subjectOf(reference!, paramsOf(options["param"]));
  if (module !== undefined) return present(module, subject, terminal);
  if (missing !== undefined) return absent(String(missing), subject, terminal);
  return largest(subject, terminal);
});

async function present(module: string, subject: Subject, terminal: Terminal): Promise<Outcome<Result>> {
  const { found, diagnostics } = await costedModules(subject, terminal);
  const rest = { module, target: subject.target, diagnostics };
  if (found === undefined) return { code: exit.input, json: { ok: false, ...rest }, text: "" };
  const { name, modules, image, memory, measured } = found;
  const paths = modules.map(({ path }) => path);
  if (!paths.includes(module))
    throw inputError(
      `\`${module}\` is not in ${name}: appl why --not ${module} tells why`,
      nearModules(module, paths),
    );
  const { chains, more } = chainsTo(modules, module);
  const { own, total, children } = costOf(costTree(modules, image, memory), module)!;
  const only = namesBelow(children);
  const lines = [`${module}  ${bytesText(own, measured)} in ${name}`];
  if (only.length > 0)
    lines.push(`  ${bytesText(total, measured)} with what is only there for it: ${only.join(", ")}`);
  lines.push(
    chains.length > 1 || more
      ? "  (all of it goes if every path below is cut)"
      : "  (all of it goes if the path below is cut)",
  );
  for (const chain of chains) lines.push("", ...chainText(chain));
  if (more) lines.push("", "  … and longer ways");
  const json: Result = {
    ok: true,
    measured,
    bytes: own.image,
    memory: own.ram,
    total,
    only,
    more,
    chains: chains.map((chain) => chain.map((link) => ({ module: link.module, ...reasonRow(link.reason) }))),
    ...rest,
  };
  return { code: exit.done, json, text: `${lines.join("\n")}\n` };
}

async function largest(subject: Subject, terminal: Terminal): Promise<Outcome<Result>> {
  const { found, diagnostics } = await costedModules(subject, terminal);
  const rest = { target: subject.target, diagnostics };
  if (found === undefined) return { code: exit.input, json: { ok: false, ...rest }, text: "" };
  const { name, modules, image, memory, measured } = found;
  const all = costTree(modules, image, memory);
  const json: Result = { ok: true, measured, largest: jsonTree(all), ...rest };
  return { code: exit.done, json, text: largestText(name, all, measured) };
}

async function absent(module: string, subject: Subject, terminal: Terminal): Promise<Outcome<Result>> {
  const { found, diagnostics } = await plannedOf(subject, terminal);
  const rest = { module, target: subject.target, diagnostics };
  if (found === undefined) return { code: exit.input, json: { ok: false, ...rest }, text: "" };
  const name = `${found.appliance}@${found.target}`;
  const there = found.modules.map(({ path }) => path);
  if (there.includes(module))
    throw inputError(`\`${module}\` is in ${name}`, `appl why ${subject.reference.file} ${module} tells why`);
  const absence = found.absence(module);
  if (absence === undefined)
    throw inputError(`no library has a module \`${module}\``, nearModules(module, found.declared));
  const lines = absenceLines(module, absence, (file) => shownPath(file, subject));
  const text = `${module} is not in ${name}\n${lines.map((line) => `  ${line}\n`).join("")}`;
  const json = result.parse({ ok: true, absence, ...rest });
  return { code: exit.done, json, text };
}

const namesBelow = (nodes: readonly CostNode[]): string[] =>
  nodes.flatMap(({ name, children }) => [name, ...namesBelow(children)]);

const jsonTree = ({ name, own, total, children }: CostNode): Tree => ({
  name,
  ...total,
  own,
  children: children.map(jsonTree),
});

/** `arp` means `std/net/arp`; else what is written alike. */
function nearModules(name: string, paths: readonly string[]): string {
  const ends = paths.filter((path) => path.endsWith(`/${name}`)).map((path) => `\`${path}\``);
  const meant = ends.length > 0 ? `did you mean ${ends.join(" or ")}?` : didYouMean(name, paths);
  const all = `modules: ${paths.join(", ")}`;
  return meant === undefined ? all : `${meant} ${all}`;
}
