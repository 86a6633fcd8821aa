import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { shortDigest } from "../edges/cache-trouble.ts";
import { cacheFolder } from "../edges/node-blobs.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { lookAt, readImage } from "../inputs.ts";
import { digest } from "../json.ts";
import { columns, grouped } from "../modules-report.ts";
import { documentPath } from "../output.ts";
import { plural, size } from "../quantities.ts";
import { openStore } from "../session.ts";
import { publicKeyOfText, type Signed, signedManifest } from "../signing/key-files.ts";
import { findObject } from "../store/find.ts";
import { removeBad, type Verified, verifyObject, verifyStore } from "../store/verify.ts";
import { checkAgainst, checkImage, type ImageCheck } from "../store/verify-image.ts";

const result = z.object({
  ok: z.boolean(),
  subject: z.enum(["cache", "object", "image", "file"]),
  checked: z
    .object({ objects: z.number(), others: z.number(), bytes: z.number() })
    .optional()
    .describe("Entries whose bytes were read again"),
  bad: z
    .array(
      z.object({
        space: z.enum(["object", "action", "index", "root"]),
        name: digest,
        problem: z.string(),
      }),
    )
    .optional(),
  repaired: z.boolean().optional().describe("With --repair: what is bad was taken away"),
  image: z
    .object({
      contents: digest.optional().describe("What the file says of itself"),
      digest: digest.describe("Of the file's bytes"),
      manifest: digest.optional(),
      from: z.enum(["cache", "file"]).optional().describe("Where the manifest was found"),
      signature: z
        .object({ key: z.string(), comment: z.string() })
        .optional()
        .describe("With --key: who has signed the manifest, and what was said with it"),
      sections: z.array(
        z.object({ name: z.string(), offset: z.number(), size: z.number(), whole: z.boolean() }),
      ),
    })
    .optional(),
});
type Result = z.output<typeof result>;

export const verify = command(result, async ({ args, options }: Call): Promise<Outcome<Result>> => {
  const [what] = args;
  const key = options["key"];
  if (key !== undefined) {
    if (what === undefined || options["repair"] === true)
      throw usageError("`--key` is for one image", "appl verify IMAGE --key FILE.pub");
    return ofSigned(what, String(key));
  }
  const repair = options["repair"] === true;
  const folder = cacheFolder();
  if (what === undefined) return ofEntries("cache", folder, verifyStore(folder), repair);
  if (lookAt(what)?.isFile() !== true)
    return ofEntries("object", folder, verifyObject(folder, findObject(folder, what)), repair);
  if (repair) throw usageError("`--repair` is for the cache; build the image again");
  return ofFile(what);
});

function ofEntries(
  subject: "cache" | "object",
  folder: string,
  { bad, ...checked }: Verified,
  repair: boolean,
): Outcome<Result> {
  if (repair) removeBad(folder, bad);
  const ok = bad.length === 0;
  const all = `${plural(checked.objects, "object")} and ${plural(checked.others, "other entry").replace("entrys", "entries")}, ${size(checked.bytes)}`;
  const what = subject === "cache" ? `${folder}: ` : "";
  const lines = ok
    ? [
        `${what}${subject === "cache" ? all : `${plural(checked.objects, "object")}, ${size(checked.bytes)}`}: all as their names say`,
      ]
    : [
        ...bad.map(({ space, name, problem }) => `${space} ${name}: ${problem}`),
        `${what}${bad.length} of ${all}: ${repair ? "taken away; the next build makes again what it needs" : "bad; `appl verify --repair` takes them away, and the next build makes them again"}`,
      ];
  return {
    code: ok || repair ? exit.done : exit.input,
    json: {
      ok: ok || repair,
      subject,
      checked,
      bad: bad.map((each) => ({ ...each })),
      ...(repair && { repaired: true }),
    },
    text: `${lines.join("\n")}\n`,
  };
}

async function ofFile(path: string): Promise<Outcome<Result>> {
  const bytes = readImage(path);
  const store = await openStore();
  const found = checkImage(path, bytes, store);
  if (found === undefined)
    return ofBlob(path, bytes, store.blob(`sha256:${nodeSha256(bytes)}`) !== undefined);
  return ofCheck(path, found);
}

/** By a manifest that somebody has signed, and by nothing else that this machine knows. */
function ofSigned(path: string, key: string): Outcome<Result> {
  const wanted = publicKeyOfText(key);
  const bytes = readImage(path);
  const { manifest, signature } = signedManifest(documentPath(path, "manifest"), wanted);
  return ofCheck(path, checkAgainst({ ...manifest, from: "file" }, bytes), signature);
}

function ofCheck(path: string, found: ImageCheck, signature?: Signed): Outcome<Result> {
  const { contents, image, manifest, whole, sections } = found;
  return {
    code: whole ? exit.done : exit.input,
    json: {
      ok: whole,
      subject: "image",
      image: {
        ...(contents && { contents }),
        digest: image,
        ...(manifest && { manifest: manifest.digest, from: manifest.from }),
        ...(signature && { signature: { ...signature } }),
        sections: sections.map((section) => ({ ...section })),
      },
    },
    text: textOf(path, found, signature),
  };
}

/** A file that is no image can only be one of the objects. */
function ofBlob(path: string, bytes: Uint8Array, known: boolean): Outcome<Result> {
  const name = `sha256:${nodeSha256(bytes)}`;
  if (!known)
    throw inputError(
      `\`${path}\` is no image made by appl, and nothing in this machine's cache has its bytes`,
      `its digest is ${name}`,
    );
  return {
    code: exit.done,
    json: { ok: true, subject: "file", image: { digest: name, sections: [] } },
    text: `${path}: ${name}, as in the cache\n`,
  };
}

function textOf(
  path: string,
  { contents, image, manifest, whole, sections, excess }: ImageCheck,
  signature: Signed | undefined,
): string {
  if (manifest === undefined)
    return `${path}: nothing is known of contents ${contents}\n  build the description here, or put its manifest beside it as ${documentPath(path, "manifest")}\n`;
  const from = manifest.from === "cache" ? "in the cache" : "beside it";
  const rows = sections.map(({ name, offset, size: bytes, whole: good }) => [
    `0x${offset.toString(16).padStart(8, "0")}`,
    grouped(bytes),
    name,
    good ? "as built" : "DAMAGED",
  ]);
  const lines = [
    `${path}: ${whole ? "as it was built" : "not as it was built"}`,
    ...(contents === undefined ? [] : [`  contents  ${contents}`]),
    `  image     ${image}`,
    `  manifest  ${manifest.digest} (${from})`,
    ...(signature ? [`  signed    with the key ${signature.key}: ${signature.comment}`] : []),
    ...columns(rows, [1]).trimEnd().split("\n"),
  ];
  if (excess !== 0) lines.push(`  ${Math.abs(excess)} bytes too ${excess > 0 ? "many" : "few"}`);
  else if (!whole && sections.every((each) => each.whole))
    lines.push(`  what lies between the sections is not as in ${shortDigest(manifest.digest)}`);
  return `${lines.join("\n")}\n`;
}
