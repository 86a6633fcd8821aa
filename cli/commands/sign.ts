import * as z from "zod";
import { decodeManifest } from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { lookAt, readImage, reasonOf } from "../inputs.ts";
import { digest } from "../json.ts";
import { documentPath, writeFiles } from "../output.ts";
import { keyName, writeSignature } from "../signing/format.ts";
import { secretKeyIn, signaturePath } from "../signing/key-files.ts";
import { signed } from "../signing/sign.ts";

const result = z.object({
  ok: z.literal(true),
  signature: z.string().describe("Where it was written"),
  manifest: digest.describe("What was signed"),
  image: digest,
  key: z.string().describe("Which key: the number that is in its signatures"),
  comment: z.string().describe("The comment that is signed too"),
});
type Result = z.output<typeof result>;

export const sign = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const image = args[0]!;
  const file = options["key"];
  if (file === undefined) throw usageError("`appl sign` wants a key", "appl sign IMAGE --key FILE");
  const { manifest, image: about, name } = manifestOf(image);
  const key = await secretKeyIn(String(file), options["passwordFile"], terminal);
  const comment = `image:${about}\tfile:${name}`;
  const path = documentPath(image, "manifest");
  const place = signaturePath(path);
  try {
    writeFiles([[place, Buffer.from(writeSignature(signed(manifest, comment, key)))]]);
  } catch (error) {
    throw inputError(`cannot write \`${place}\`: ${reasonOf(error)}`);
  }
  const id = keyName(key.id);
  return {
    code: exit.done,
    json: {
      ok: true,
      signature: place,
      manifest: `sha256:${nodeSha256(manifest)}`,
      image: about,
      key: id,
      comment,
    },
    text: `${place}\n  image  ${about}\n  key    ${id}\n`,
  };
});

/** What is signed has to be true: the manifest that lies beside the image is of this image. */
function manifestOf(image: string) {
  const bytes = readImage(image);
  const path = documentPath(image, "manifest");
  if (lookAt(path) === undefined)
    throw inputError(
      `there is no \`${path}\` to sign`,
      "build the image again: its manifest is written beside it",
    );
  const manifest = readImage(path);
  const read = decodeManifest(manifest);
  if (read === undefined) throw inputError(`\`${path}\` is no manifest of an image`);
  const about = `sha256:${nodeSha256(bytes)}` as const;
  const output = read.outputs.find((each) => each.digest === about);
  if (output === undefined)
    throw inputError(
      `\`${path}\` is not the manifest of \`${image}\``,
      `appl verify ${image} says what differs`,
    );
  return { manifest, image: about, name: output.name };
}
