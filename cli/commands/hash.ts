import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { cacheFolder } from "../edges/node-blobs.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { type Form, forms, readForm, writeForm } from "../hash-forms.ts";
import { lookAt, readImage } from "../inputs.ts";
import { findObject, namesObject } from "../store/find.ts";

const result = z.object({
  ok: z.literal(true),
  hex: z.string(),
  sri: z.string(),
  nix32: z.string(),
  multihash: z.string(),
  oci: z.string(),
});
type Result = z.output<typeof result>;

export const hash = command(result, async ({ args, options }: Call): Promise<Outcome<Result>> => {
  const form = formOf(options["to"]);
  const digest = digestOf(args[0]!);
  const written = Object.fromEntries(forms.map((each) => [each, writeForm(digest, each)]));
  const json: Result = { ok: true, ...(written as Record<Form, string>) };
  return { code: exit.done, json, text: `${json[form]}\n` };
});

function formOf(given: unknown): Form {
  const form = forms.find((each) => each === (given ?? "oci"));
  if (form === undefined) throw usageError(`there is no form \`${given}\``, `forms: ${forms.join(", ")}`);
  return form;
}

/** A file that is there is meant before a digest of the same name. */
function digestOf(what: string): Uint8Array {
  if (lookAt(what) !== undefined) return Buffer.from(nodeSha256(readImage(what)), "hex");
  const given = readForm(what);
  if (given !== undefined) return given;
  const folder = cacheFolder();
  if (namesObject(folder, what)) return readForm(findObject(folder, what))!;
  throw inputError(
    `\`${what}\` is neither a file nor a sha256`,
    `forms of a digest: ${forms.join(", ")}, or its first digits if it is in the cache`,
  );
}
