/** Packages out of archives: `https://….tar.gz`. */
import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import type { Source } from "#lang";
import { CommandError, inputError } from "../exit.ts";
import { type Fetched, isHidden } from "./git.ts";

export type ArchiveSource = Extract<Source, { kind: "archive" }>;

const limits = { packed: 32 * 1024 * 1024, unpacked: 48 * 1024 * 1024, ms: 120_000 };

export async function fetchArchive(source: ArchiveSource): Promise<Fetched<ArchiveSource>> {
  const { url } = source;
  return { source, files: await unpack(await download(url), url) };
}

async function download(url: string): Promise<Uint8Array> {
  const failed = (reason: string) =>
    inputError(
      `cannot fetch \`${url}\`: ${reason}`,
      "without the network nothing can be fetched, and nothing needs to be for a build",
    );
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limits.ms) });
    if (!response.url.startsWith("https://")) throw failed("it leads to a place that is not encrypted");
    if (!response.ok || response.body === null)
      throw failed(`the server says ${response.status} ${response.statusText}`.trim());
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
      size += part.length;
      if (size > limits.packed) throw failed(`it has more than ${limits.packed >> 20} MiB`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw failed(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const { message, cause, name } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === "TimeoutError") return "it takes too long";
  return cause?.code ?? cause?.message ?? message;
}

/** The files by their paths; a folder that all of them are in, as code hosts put it around, is taken off. */
export async function unpack(bytes: Uint8Array, what: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const refused = (reason: string) => inputError(`\`${what}\` is no archive that can be used: ${reason}`);
  let entries: Awaited<ReturnType<typeof unpackTar>>;
  try {
    const tar = gunzipSync(bytes, { maxOutputLength: limits.unpacked });
    entries = await unpackTar(new Uint8Array(tar), { strict: true });
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
  const files = new Map<string, Uint8Array>();
  for (const { header, data } of entries) {
    const path = header.name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
    if (header.type === "directory" || path === "") continue;
    if (path.startsWith("/") || path.split("/").some((name) => name === "" || name === "." || name === ".."))
      throw refused(`\`${path}\` is no path inside of it`);
    if (isHidden(path)) continue;
    if (header.type !== "file")
      throw refused(`\`${path}\` is a ${header.type}: a package is made of ordinary files`);
    if (files.has(path)) throw refused(`\`${path}\` is there twice`);
    files.set(path, data ?? new Uint8Array(0));
  }
  return withoutFolder(files);
}

function withoutFolder(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const [first] = files.keys();
  const folder = first?.slice(0, first.indexOf("/") + 1);
  if (!folder || ![...files.keys()].every((path) => path.startsWith(folder))) return files;
  return new Map([...files].map(([path, bytes]) => [path.slice(folder.length), bytes]));
}
