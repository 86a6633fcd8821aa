import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { cacheFolder } from "../edges/node-blobs.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { lookAt, readImage, reasonOf } from "../inputs.ts";
import { digest } from "../json.ts";
import { openStore } from "../session.ts";
import { findObject } from "../store/find.ts";
import { allTags, isTagName, removeTag, writeTag } from "../store/tags.ts";
import { checkImage } from "../store/verify-image.ts";

const result = z.object({
  ok: z.literal(true),
  tags: z.array(z.object({ name: z.string(), digest })).describe("All tags, after what was done"),
});
type Result = z.output<typeof result>;

export const tag = command(result, async ({ args, options }: Call): Promise<Outcome<Result>> => {
  const folder = cacheFolder();
  const [name, what] = args;
  if (options["remove"] === true) remove(folder, args);
  else if (name !== undefined) await set(folder, name, what);
  const tags = allTags(folder).map(([each, found]) => ({ name: each, digest: found }));
  const shown =
    name === undefined || options["remove"] === true ? tags : tags.filter((each) => each.name === name);
  const text = shown.map((each) => `${each.name}  ${each.digest}\n`).join("");
  return { code: exit.done, json: { ok: true, tags }, text };
});

function remove(folder: string, [name, what]: readonly string[]): void {
  if (name === undefined || what !== undefined)
    throw usageError("`--remove` wants one tag: appl tag --remove NAME");
  if (!removeTag(folder, name)) throw inputError(`there is no tag \`${name}\``, "`appl tag` lists them");
}

async function set(folder: string, name: string, what: string | undefined): Promise<void> {
  if (!isTagName(name))
    throw usageError(
      `\`${name}\` cannot be a tag`,
      "a tag has letters, digits, `.`, `_` and `-`, and is not the beginning of a digest",
    );
  if (what === undefined)
    throw usageError("a tag wants something to stand for", `appl tag ${name} IMAGE|DIGEST`);
  const found = await meant(folder, what);
  try {
    writeTag(folder, name, found);
  } catch (error) {
    throw inputError(`cannot write to the cache \`${folder}\`: ${reasonOf(error)}`);
  }
}

/** An image stands for its manifest, which leads to all that is known of it. */
async function meant(folder: string, what: string) {
  const store = await openStore();
  if (lookAt(what)?.isFile() === true) {
    const found = checkImage(what, readImage(what), store);
    if (found === undefined) throw inputError(`\`${what}\` is no image made by appl`);
    if (found.manifest?.from !== "cache" || !found.whole)
      throw inputError(`the build of \`${what}\` is not in this machine's cache`, "build it here first");
    return found.manifest.digest;
  }
  const object = findObject(folder, what);
  if (store.blob(object) === undefined)
    throw inputError(`there is no object \`${what}\` in this machine's cache`);
  return object;
}
