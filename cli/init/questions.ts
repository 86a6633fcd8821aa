/** What a person at a terminal is asked. */
import { cancel, isCancel, select, text } from "@clack/prompts";
import { inputError } from "../exit.ts";
import type { Answers } from "./fill.ts";
import type { Kind } from "./kinds.ts";

/** The kind, if there is a choice. */
export async function askKind(all: readonly Kind[]): Promise<Kind> {
  if (all.length === 1) return all[0]!;
  const options = all.map((kind) => ({ value: kind.name, label: kind.title }));
  const name = answered(await select({ message: "What is it to be?", options }));
  return all.find((kind) => kind.name === name)!;
}

/** The answers that are not given yet; `mistake` says what is wrong with one. */
export async function askAnswers(
  kind: Kind,
  given: Partial<Answers>,
  mistake: (answers: Answers) => string | undefined,
): Promise<Answers> {
  const ask = async (message: string, usual: string, answers: (value: string) => Answers) =>
    answered<string>(
      await text({
        message,
        placeholder: usual,
        defaultValue: usual,
        validate: (value) => mistake(answers(value || usual)),
      }),
    );
  const standing = { address: kind.address, ...given };
  const name = given.name ?? (await ask("Its name", kind.appliance, (it) => ({ ...standing, name: it })));
  const address =
    given.address ??
    (await ask("Its address, with the length of the prefix", kind.address, (it) => ({ name, address: it })));
  return { name, address };
}

function answered<T>(value: T | symbol): T {
  if (!isCancel(value)) return value as T;
  cancel("Nothing was written.");
  throw inputError("no answer, so nothing was written");
}
