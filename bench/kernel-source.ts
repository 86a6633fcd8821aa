/** The kernels of bench/kernels as WebAssembly. */
import { readFileSync } from "node:fs";

const folder = new URL("./kernels/", import.meta.url);
const names = ["sha256", "chacha20", "chacha20-poly1305", "x25519", "hash-map", "sort"] as const;
export type KernelName = (typeof names)[number];

const compiled = new Map<string, Promise<Uint8Array>>();

/** `portable`: without what only this code generator has (`kernels/math.ts`), for V8. */
export function kernelWasm(kernel: KernelName, portable = false): Promise<Uint8Array> {
  const key = `${kernel} ${portable}`;
  const wasm = compiled.get(key) ?? compileKernel(kernel, portable);
  compiled.set(key, wasm);
  return wasm;
}

async function compileKernel(kernel: KernelName, portable: boolean): Promise<Uint8Array> {
  const { default: asc } = await import("assemblyscript/asc");
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [`${kernel}.ts`, "--outFile", "out.wasm", "-O2", "--runtime", "minimal", "--debug"],
    {
      readFile: (name) => source(portable && name === "math.ts" ? "math-portable.ts" : name),
      writeFile: (name, contents) => {
        if (name === "out.wasm") wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === undefined) throw new Error(`${kernel}: ${stderr.toString()}`);
  return wasm;
}

function source(name: string): string | null {
  try {
    return readFileSync(new URL(name, folder), "utf8");
  } catch {
    return null;
  }
}
