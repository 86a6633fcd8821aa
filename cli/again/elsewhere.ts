/** The same command in a process of its own, to which everything but the project is different. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finished, Store } from "#compiler";
import { LOCK_FILE } from "#lang";
import { type DocumentKind, documentPath } from "../output.ts";
import { printReference } from "../reference.ts";
import { openStore, type Subject } from "../session.ts";

/** What the second build gave, or what it said instead. */
export type Again =
  | {
      readonly image: Uint8Array;
      readonly digests: Finished["report"]["digests"];
      readonly store: Store;
      /** What lies beside the image. */
      document(kind: DocumentKind): Uint8Array;
    }
  | { readonly refused: string };

/** Some characters that paths here do not have. */
const PROJECT = "another place, für alles";

/** `use` is given the result while the second build's folder is still there. */
export async function buildElsewhere<T>(
  subject: Subject,
  { sources }: Finished,
  locked: boolean,
  use: (again: Again) => T | Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "appl-check-")));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  // Ctrl-C does not come to `finally`.
  process.once("exit", clean);
  try {
    const project = join(folder, PROJECT);
    mkdirSync(project);
    // A lock that the first build has begun was not there to be read.
    const lock = existsSync(join(subject.folder, LOCK_FILE)) ? [LOCK_FILE] : [];
    for (const path of new Set([...sources.user.map((source) => source.path), ...lock]))
      copyInto(join(project, path), subject.files.elsewhere(path) ?? join(subject.folder, path));
    return await use(await build(folder, project, subject, locked));
  } finally {
    process.off("exit", clean);
    clean();
  }
}

/** Times are not copied, and of permissions only whether it may be executed. */
function copyInto(to: string, from: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, (statSync(to).mode & 0o100) === 0 ? 0o600 : 0o700);
}

async function build(
  folder: string,
  project: string,
  { path, appliance, target, params }: Subject,
  locked: boolean,
): Promise<Again> {
  const name = printReference({
    file: join(project, path),
    target,
    ...(appliance !== undefined && { appliance }),
  });
  const image = join(folder, "image");
  const cache = join(folder, "cache");
  const { program, imports } = thisProgram();
  const given = Object.entries(params).flatMap(([param, value]) => ["-p", `${param}=${value}`]);
  const words = ["build", name, "-o", image, "--json", ...given, ...(locked ? ["--locked"] : [])];
  const { code, stdout, stderr } = await run([...program, ...words], {
    cwd: folder,
    env: otherEnvironment(folder, cache, imports),
  });
  if (code !== 0 || !existsSync(image)) return { refused: stderr.trim() || stdout.trim() };
  const { digests } = JSON.parse(stdout) as { digests: Finished["report"]["digests"] };
  return {
    image: readFileSync(image),
    digests,
    store: await openStore(cache),
    document: (kind) => readFileSync(documentPath(image, kind)),
  };
}

/** What runs here, and what has to be loaded before: in the sources the translator of TypeScript, and the other world. */
function thisProgram(): { readonly program: readonly string[]; readonly imports: readonly string[] } {
  const at = (place: string) => new URL(place, import.meta.url);
  const isSource = import.meta.url.endsWith(".ts");
  const world = isSource
    ? at("../edges/other-world-child.ts")
    : [at("./other-world-child.js"), at("../other-world-child.js")].find((url) =>
        existsSync(fileURLToPath(url)),
      )!;
  const main = isSource ? at("../main.ts") : new URL("./appl.js", world);
  const translator = isSource ? [import.meta.resolve("tsx")] : [];
  return { program: [fileURLToPath(main)], imports: [...translator, world.href] };
}

/** Nothing of the environment but what programs are found by. */
function otherEnvironment(folder: string, cache: string, imports: readonly string[]): NodeJS.ProcessEnv {
  const found = ["PATH", "LD_LIBRARY_PATH", "SystemRoot"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return {
    ...Object.fromEntries(found),
    APPL_CACHE: cache,
    NODE_OPTIONS: imports.map((each) => `--import=${each}`).join(" "),
    HOME: folder,
    TMPDIR: folder,
    USER: "stranger",
    LOGNAME: "stranger",
    HOSTNAME: "elsewhere",
    TZ: process.env["TZ"] === "Asia/Kathmandu" ? "America/St_Johns" : "Asia/Kathmandu",
    LANG: "tr_TR.UTF-8",
    LC_ALL: "tr_TR.UTF-8",
    UV_THREADPOOL_SIZE: "1",
    // It is no part of the surroundings: documents bear it because somebody wants them to. The clock is another one in any case.
    ...(process.env["SOURCE_DATE_EPOCH"] && { SOURCE_DATE_EPOCH: process.env["SOURCE_DATE_EPOCH"] }),
  };
}

function run(
  argv: readonly string[],
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, { ...where, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    child.once("error", (error) => resolve({ code: null, stdout, stderr: error.message }));
  });
}
