/** Cases as text: a module, and above it a line for each call. So a case that has once failed is kept and can be read. */
import { execFileSync, spawnSync } from "node:child_process";
import { withoutFloats } from "../../wasm/testing/without-floats.ts";
import type { NativeMachine } from "../machine.ts";
import type { Call, Case } from "./differential.ts";

/** The module of a text; undefined if it is not valid. Debian: wabt. */
export function assembled(text: string): Uint8Array | undefined {
  const { status, stdout, error } = spawnSync("wat2wasm", ["-", "--output=-"], { input: text });
  if (error !== undefined) throw new Error(`${error.message}: apt-get install wabt`);
  return status === 0 ? stdout : undefined;
}

export function disassembled(bytes: Uint8Array): string {
  return execFileSync("wasm2wat", ["-", "--fold-exprs"], { input: bytes, encoding: "utf8" });
}

/** With the calls as comments above it: `;; f0 17 -1`. */
export const textOf = (module: string, calls: readonly Call[]): string =>
  `${calls.map(({ name, args }) => `;; ${[name, ...args].join(" ")}\n`).join("")}${module}`;

/** On machines without floats an integer takes the place of each. */
export function caseOfText(what: string, text: string, machine: NativeMachine): Case {
  const bytes = assembled(text);
  if (bytes === undefined) throw new Error(`${what} is not valid`);
  const calls = [...text.matchAll(/^;; (\S+)((?: -?\d+)*)$/gm)].map(([, name, args]): Call => {
    return { name: name!, args: args!.split(" ").filter(Boolean).map(BigInt) };
  });
  return {
    what: `${what} on ${machine.isa.name}`,
    machine,
    bytes: machine.isa.floats ? bytes : withoutFloats(bytes),
    calls,
  };
}
