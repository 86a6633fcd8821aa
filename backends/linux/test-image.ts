/** Small programs in WebAssembly text as images that run here, for tests of boot code. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiledText, hexFunction } from "../test-wat.ts";
import { type LinkedImage, linkImage } from "./image/link.ts";

/** Where `$put` keeps the byte that it prints: not for tests. */
const SCRATCH = 0;

/** What a program may call: the kernel, one letter on standard output, a number. */
const prelude = `
  (import "system" "boot" (func $boot (param i32) (result i64)))
  (import "system" "link" (func $link (param i32 i32) (result i64)))
  (import "system" "print" (func $print (param i32 i32)))
  (import "system" "time" (func $time (param i32) (result i64)))
  (import "system" "random" (func $random (param i32 i32)))
  (import "system" "wait" (func $wait (param i64 i32)))
  (import "system" "restart" (func $restart))
  (import "system" "stop" (func $stop (param i32)))
  (import "system" "receive" (func $receive (param i32 i32 i32) (result i32)))
  (import "hw" "store8" (func $store8 (param i64 i32)))
  (func $put (param $letter i32)
    (i32.store8 (i32.const ${SCRATCH}) (local.get $letter)) (call $print (i32.const ${SCRATCH}) (i32.const 1)))
${hexFunction}`;

export interface TestProgram {
  /** Functions and globals; `start` is exported. */
  readonly wat: string;
  readonly memory?: Uint8Array;
  readonly globals?: readonly bigint[];
}

export function testImage({ wat, memory = new Uint8Array(65536), globals = [] }: TestProgram): LinkedImage {
  const code = compiledText(prelude, wat, memory, "x86-64");
  return linkImage({ code, memory, globals, contents: "", calls: ["start"] });
}

export interface Ended {
  readonly output: string;
  /** Without the program's path before it. */
  readonly errors: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of an image; `ended` settles with all that it has said. */
export interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startProcess(image: Uint8Array, args: readonly string[] = []): Process {
  const folder = mkdtempSync(join(tmpdir(), "appl-linux-"));
  const path = join(folder, "image");
  writeFileSync(path, image, { mode: 0o755 });
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
  const texts = { output: "", errors: "" };
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    texts.output += text;
  });
  child.stderr.setEncoding("latin1").on("data", (text: string) => {
    texts.errors += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ output: texts.output, errors: texts.errors.replaceAll(`${path}: `, ""), code, signal });
    });
  });
  return { child, ended };
}

export const runProcess = (image: Uint8Array, args: readonly string[] = []): Promise<Ended> =>
  startProcess(image, args).ended;
