import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { didYouMean } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { writeText } from "../edges/write-text.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { type Answers, commandsOf, filled } from "../init/fill.ts";
import { type Kind, kinds, mistakesIn } from "../init/kinds.ts";
import { askAnswers, askKind } from "../init/questions.ts";
import { lookAt, reasonOf } from "../inputs.ts";

const result = z.object({
  ok: z.literal(true),
  kind: z.string(),
  files: z.array(z.string()).describe("What was written, the description first"),
  next: z.array(z.string()).describe("Commands that run it and ask it"),
});
type Result = z.output<typeof result>;

export const init = command(result, async ({ args, options }: Call): Promise<Outcome<Result>> => {
  const all = kinds();
  const asks = process.stdin.isTTY === true && process.stdout.isTTY === true && options["json"] !== true;
  const kind =
    options["kind"] !== undefined
      ? kindOf(String(options["kind"]), all)
      : asks
        ? await askKind(all)
        : onlyKind(all);
  const given = { ...answer("name", options["name"]), ...answer("address", options["address"]) };
  const answers = asks
    ? await askAnswers(kind, given, (it) => mistake(kind, it))
    : { name: kind.appliance, address: kind.address, ...given };
  const wrong = mistake(kind, answers);
  if (wrong !== undefined) throw usageError(wrong, "for example --name ns1 --address 192.0.2.53/24");
  const folder = args[0] ?? ".";
  const files = [...filled(kind, answers)].map(([name, text]) => ({ path: join(folder, name), text }));
  const description = files.find(({ path }) => path === join(folder, `${answers.name}.appl`))!;
  write(folder, files);
  const next = commandsOf(description.text, answers.name, description.path);
  const written = [description, ...files.filter((it) => it !== description)].map(({ path }) => path);
  return {
    code: exit.done,
    json: { ok: true, kind: kind.name, files: written, next: [...next] },
    text: `${written.join("\n")}\n\nnext:\n${next.map((line) => `  ${line}\n`).join("")}`,
  };
});

function kindOf(name: string, all: readonly Kind[]): Kind {
  const found = all.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const names = all.map((kind) => kind.name);
  throw usageError(
    `there is no kind \`${name}\``,
    [didYouMean(name, names), `kinds: ${names.join(", ")}`].filter(Boolean).join(" "),
  );
}

function onlyKind(all: readonly Kind[]): Kind {
  if (all.length === 1) return all[0]!;
  throw usageError("say which kind it is to be", `--kind ${all.map(({ name }) => name).join("|")}`);
}

function answer(name: keyof Answers, value: unknown): Partial<Answers> {
  if (value === undefined) return {};
  if (Array.isArray(value)) throw usageError(`--${name} is given several times`);
  return { [name]: String(value) };
}

/** What is wrong with the answers, as the language sees it. */
function mistake(kind: Kind, answers: Answers): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(answers.name))
    return `\`${answers.name}\` is no name of an appliance: letters, digits and \`_\`, no digit first`;
  if (!/^[\w.:]+\/\d+$/.test(answers.address))
    return `\`${answers.address}\` is no address with the length of its prefix, as ${kind.address}`;
  const [first] = mistakesIn(filled(kind, answers), answers.name);
  return first?.text;
}

/** All files or none; nothing that is there is replaced. */
function write(folder: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  const there = files.find(({ path }) => lookAt(path) !== undefined);
  if (there !== undefined)
    throw inputError(
      `\`${there.path}\` is there already, and stays as it is`,
      "name another folder: appl init DIR",
    );
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw inputError(`cannot make the folder \`${folder}\`: ${reasonOf(error)}`);
  }
  for (const { path, text } of files) writeText(path, text);
}
