/** A program of this machine as a container image: `build --oci`. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Backend, backends } from "#backends";
import type { Built } from "#compiler";
import { nodeSha256 } from "./edges/tool.ts";
import { inputError, usageError } from "./exit.ts";
import { lookAt, reasonOf } from "./inputs.ts";
import { writeFiles } from "./output.ts";

/** What `--oci` says, if it was given; mistakes that can be seen now are said before anything is built. */
export function ociGiven(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) throw usageError("`--oci` wants one place, and is given several times");
  const path = String(given).replace(/(?<=.)\/+$/, "");
  const folder = dirname(path);
  if (lookAt(folder)?.isDirectory() !== true)
    throw inputError(
      `there is no folder \`${folder}\` to write the container image into`,
      `mkdir -p ${folder}`,
    );
  const there = lookAt(path);
  if (isArchive(path) ? there?.isDirectory() : there !== undefined && !existsSync(join(path, "oci-layout")))
    throw inputError(
      `\`${path}\` is there, and is no container image that could be replaced`,
      "choose another place with --oci",
    );
  return path;
}

const isArchive = (path: string): boolean => path.endsWith(".tar");

/** That images of this backend can be in containers. */
export function requireContainer({ name, container }: Backend): NonNullable<Backend["container"]> {
  if (container !== undefined) return container;
  const others = backends.filter((each) => each.container !== undefined);
  throw usageError(
    `an image for ${name} is no program that a container could hold`,
    `--oci is for ${others.map((each) => `@${each.name}`).join(", ")}`,
  );
}

/** A folder, or one file if its name ends with `.tar`; it appears by rename. */
export async function writeOci(path: string, { image, report }: Built, backend: Backend): Promise<void> {
  const container = requireContainer(backend);
  const { ociArchive, ociLayout } = await import("#compiler");
  const layout = ociLayout({
    ...container,
    name: report.appliance,
    program: image,
    contents: report.digests.contents,
    sha256: nodeSha256,
  });
  try {
    if (isArchive(path)) writeFiles([[path, ociArchive(layout)]]);
    else writeFolder(path, layout);
  } catch (error) {
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`, "choose another place with --oci");
  }
}

function writeFolder(path: string, files: ReturnType<typeof import("#compiler").ociLayout>): void {
  const draft = mkdtempSync(join(dirname(path), ".appl-oci-"));
  try {
    const [fresh, old] = [join(draft, "new"), join(draft, "old")];
    for (const { path: name, bytes } of files) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      writeFileSync(join(fresh, name), bytes);
    }
    if (existsSync(path)) renameSync(path, old);
    renameSync(fresh, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
