/** Copies of this repository in other folders, with what they run, and the command bundled there. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const folders = ["lang", "compiler", "stdlib", "backends", "cli", "simulate", "examples"];
const files = ["package.json", "tsconfig.json", "tools/bundle.mjs"];
/** Not needed by whom installs the command, only for bundling it. */
const bundlers = ["node_modules/esbuild", "node_modules/@esbuild"];

/**
 * A copy of `from`, bundled. Packages are hard links, not symbolic ones: whatever runs in the copy sees only paths of the copy.
 * It lies below `node_modules` because links do not leave their file system.
 */
export function cloneOf(from: string, name: string): string {
  mkdirSync("node_modules/.cache", { recursive: true });
  const folder = join(mkdtempSync(resolve("node_modules/.cache/appl-clone-")), name);
  process.once("exit", () => rmSync(dirname(folder), { recursive: true, force: true }));
  for (const path of [...folders, ...files])
    cpSync(join(from, path), join(folder, path), { recursive: true });
  for (const path of [...runtimePackages(), ...bundlers]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    execFileSync("cp", ["-al", join(from, path), dirname(join(folder, path))]);
  }
  execFileSync(process.execPath, ["tools/bundle.mjs"], { cwd: folder, env: { PATH: process.env["PATH"] } });
  return folder;
}

/** Folders of the packages that the command needs, outermost ones only. */
function runtimePackages(): string[] {
  const lock = JSON.parse(readFileSync(resolve("package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.lastIndexOf("node_modules/") === 0 && dev !== true)
    .map(([path]) => path);
}
