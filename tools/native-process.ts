/** Runs a program of `compiler/codegen/native` as a Linux process, for tests and benchmarks. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeProgram } from "../compiler/codegen/native/program.ts";
import {
  type Answer,
  type Command,
  decodeAnswers,
  encodeCommands,
} from "../compiler/codegen/native/protocol.ts";
import { elfMachines, writeElf } from "../compiler/image/elf.ts";

/** Carries out the commands in one process and gives one answer each; "none" from where the process ended or was too slow. */
export function runNative(program: NativeProgram, commands: readonly Command[], seconds = 20): Answer[] {
  if (commands.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "appl-native-"));
  try {
    const file = join(folder, "program");
    writeFileSync(file, elfOf(program));
    chmodSync(file, 0o755);
    const [command, ...args] = [...(program.machine.emulator ?? []), file] as [string, ...string[]];
    const { stdout, error } = spawnSync(command, args, {
      input: encodeCommands(commands),
      maxBuffer: 1 << 28,
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error(`${command} is not there: apt-get install qemu-user`);
    if (error !== undefined && code !== "ETIMEDOUT") throw error;
    return decodeAnswers(commands, stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One instance each of several programs, one after the other; for hundreds of small ones, starting a process from a shell costs half as much. */
export function runNatives(
  runs: readonly { readonly program: NativeProgram; readonly commands: readonly Command[] }[],
  seconds = 20,
): Answer[][] {
  const folder = mkdtempSync(join(tmpdir(), "appl-native-"));
  try {
    const lines = runs.flatMap(({ program, commands }, n) => {
      if (commands.length === 0) return [];
      writeFileSync(join(folder, `${n}`), elfOf(program), { mode: 0o755 });
      writeFileSync(join(folder, `${n}.in`), encodeCommands(commands));
      const command = [...(program.machine.emulator ?? []), `./${n}`].join(" ");
      return `timeout -s KILL ${seconds} ${command} < ${n}.in > ${n}.out; [ $? != 127 ] || exit 127`;
    });
    writeFileSync(join(folder, "all.sh"), lines.join("\n"));
    const { status, stderr } = spawnSync("sh", ["all.sh"], { cwd: folder, encoding: "utf8" });
    if (status === 127) throw new Error(`${stderr.trim()}: apt-get install qemu-user`);
    return runs.map(({ commands }, n) =>
      commands.length === 0 ? [] : decodeAnswers(commands, readFileSync(join(folder, `${n}.out`))),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file, with symbols for debuggers. */
export function elfOf({ machine, entry, segments, symbols }: NativeProgram): Uint8Array {
  const names = [...symbols].map(([name, address]) => ({ name, address, size: 0, kind: "none" as const }));
  return writeElf({ machine: elfMachines[machine.elf], entry, segments, symbols: names });
}
