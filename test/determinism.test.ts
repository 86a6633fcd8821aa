/** The same description gives the same bytes, wherever, whenever and by whomever the bundled command is run. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { cloneOf } from "./clone.ts";

/** How a build is done. What is not given is as for everybody. */
interface Conditions {
  /** The copy of the repository whose command is run. */
  readonly clone?: "here" | "elsewhere";
  /** Folder of the cache; one that no build before has used is empty. */
  readonly cache: string;
  /** The description's path, as it is written on the command line. */
  readonly path: (places: Places) => string;
  readonly cwd?: (places: Places) => string;
  readonly env?: NodeJS.ProcessEnv;
  readonly umask?: string;
  /** A command that runs the rest of its arguments in another way. */
  readonly through?: readonly string[];
  readonly targets?: readonly string[];
  /** All targets at once, with one cache. */
  readonly together?: boolean;
}

interface Places {
  /** The copies of the repository. */
  readonly here: string;
  readonly elsewhere: string;
  /** A folder with `moved/` (a copy of the example with times of its own) and `link` (the example's folder by another name). */
  readonly folder: string;
}

/** Another id in a namespace of users: nobody that the system knows, but for files still who runs the tests. */
const stranger = ["unshare", "--user", "--map-user=12345", "--map-group=12345"];
const another = {
  TZ: "Asia/Kathmandu",
  LANG: "tr_TR.UTF-8",
  LC_ALL: "tr_TR.UTF-8",
  HOME: "/nonexistent",
  USER: "stranger",
  UV_THREADPOOL_SIZE: "1",
  NODE_OPTIONS: "--max-old-space-size=700",
  FORCE_COLOR: "1",
  SOURCE_DATE_EPOCH: "1",
};

const everyWay: Readonly<Record<string, Conditions>> = {
  "in the folder of the description, with an empty cache, both targets at once": {
    cache: "first",
    together: true,
    cwd: ({ here }) => join(here, "examples/ns1"),
    path: () => "ns1.appl",
  },
  "with an empty cache, in another folder, clone, time zone, language, with another user, umask, home, number of processors and threads, memory and order":
    {
      clone: "elsewhere",
      cache: "second",
      cwd: () => "/",
      path: ({ folder }) => join(folder, "moved/ns1.appl"),
      env: another,
      umask: "077",
      through: [...stranger, "taskset", "-c", "0"],
      targets: ["host", "kvm"],
    },
  "with the cache of a build before": {
    cache: "first",
    path: ({ here }) => join(here, "examples/ns1/ns1.appl"),
    env: { TZ: "Pacific/Kiritimati", LC_ALL: "C" },
  },
  "with what another clone kept": {
    clone: "elsewhere",
    cache: "first",
    cwd: ({ folder }) => folder,
    path: () => "./moved/../moved/ns1.appl",
  },
  "by a path that goes up, through a symbolic link, with the cache of somebody else": {
    cache: "second",
    cwd: ({ here }) => join(here, "stdlib"),
    path: ({ here, folder }) => relative(join(here, "stdlib"), join(folder, "link/ns1.appl")),
    through: stranger,
    umask: "000",
  },
};

interface Report {
  readonly path: string;
  readonly steps: readonly { readonly step: string; readonly done: boolean }[];
  readonly digests: { readonly image: string };
  readonly documents: { readonly manifest: string; readonly recipe: string };
}

const run = promisify(execFile);

async function command(places: Places, how: Conditions, ...argv: readonly string[]): Promise<Report> {
  const { clone = "here", cache, cwd, env = {}, umask = "022", through = [] } = how;
  const bundle = join(places[clone], "dist/appl.js");
  const line = ["sh", "-c", `umask ${umask}; exec "$@"`, "sh", ...through, process.execPath, bundle, ...argv];
  const { stdout } = await run(line[0]!, line.slice(1), {
    cwd: cwd?.(places) ?? process.cwd(),
    env: { PATH: process.env["PATH"], APPL_CACHE: join(places.folder, cache), ...env },
  });
  return JSON.parse(stdout) as Report;
}

/** What must not depend on how it was built: the bytes, and what `build` and `inspect` say of them but for places and times. */
async function built(places: Places, how: Conditions, target: string): Promise<unknown> {
  const image = join(places.folder, `${how.cache}.${target}.image`);
  const {
    steps: _,
    documents,
    ...report
  } = await command(places, how, "build", `${how.path(places)}@${target}`, "-o", image, "--json");
  const inspected = await command(places, how, "inspect", image, "--json");
  const sha256 = createHash("sha256").update(readFileSync(image)).digest("hex");
  expect(report.digests.image).toBe(`sha256:${sha256}`);
  // The others may say when and where it was built.
  const written = [documents.manifest, documents.recipe].map((path) => readFileSync(path, "utf8"));
  return { sha256, report: { ...report, path: "" }, inspected: { ...inspected, path: "" }, written };
}

describe("images and digests are the same", () => {
  let places: Places;
  let first: Record<string, unknown>;

  beforeAll(() => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const here = cloneOf(".", "appl");
    const elsewhere = cloneOf(here, "another place, für alles");
    places = { here, elsewhere, folder };
    const example = resolve(here, "examples/ns1");
    mkdirSync(join(folder, "moved"));
    for (const file of readdirSync(example)) {
      cpSync(join(example, file), join(folder, "moved", file));
      utimesSync(join(folder, "moved", file), 1, 1);
    }
    symlinkSync(example, join(folder, "link"));
  });

  test("for the command itself, bundled in two folders", () => {
    const files = (clone: string) =>
      Object.fromEntries(
        readdirSync(join(clone, "dist"), { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".js"))
          .toSorted()
          .map((path) => [path, readFileSync(join(clone, "dist", path), "utf8")]),
      );
    expect(files(places.elsewhere)).toEqual(files(places.here));
  });

  test.each(Object.entries(everyWay))("%s", async (_, how) => {
    const images: Record<string, unknown> = {};
    const make = async (target: string) => {
      images[target] = await built(places, how, target);
    };
    const { targets = ["kvm", "host"] } = how;
    if (how.together === true) await Promise.all(targets.map(make));
    else for (const target of targets) await make(target);
    first ??= images;
    expect(images).toEqual(first);
  });
});
