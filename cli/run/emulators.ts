/** Which of the emulators that are installed under one name has a machine: makers of chips have branches of QEMU of their own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const PROBE_MS = 10_000;

/** The path of the first such program, in the folders of APPL_QEMU_PATH, then of PATH, whose `-M help` has the machine; undefined if there is none. */
export function programWith(
  program: string,
  machine: string,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = [env["APPL_QEMU_PATH"], env["PATH"]].flatMap((path) => path?.split(delimiter) ?? []);
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path) && machinesOf(path).has(machine));
}

/** By their names; empty if the program does not say. */
function machinesOf(path: string): ReadonlySet<string> {
  const { stdout } = spawnSync(path, ["-M", "help"], { encoding: "utf8", timeout: PROBE_MS });
  return new Set((stdout ?? "").split("\n").map((line) => line.split(" ")[0]!));
}
