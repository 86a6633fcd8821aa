/**
 * The bundled program: one script beside `dist/appl.js`, and what V8 made of it when it was bundled. Reading that is faster than compiling the script
 * again; another version of Node does not take it, and compiles.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

export const PROGRAM = "program.js";
export const COMPILED = "program.v8";

type Program = Pick<typeof import("../main.ts"), "main">;

export class BundledProgram {
  readonly #meta: ImportMeta;
  readonly #script: Script;

  /** `meta`: of a file in the folder of the bundle. */
  constructor(meta: ImportMeta) {
    this.#meta = meta;
    const filename = join(meta.dirname, PROGRAM);
    const compiled = join(meta.dirname, COMPILED);
    this.#script = new Script(readFileSync(filename, "latin1"), {
      filename,
      ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
    });
  }

  run(): Program {
    const program: unknown = this.#script.runInThisContext();
    const { filename } = this.#meta;
    return (program as Start)(createRequire(filename), { exports: {} }, this.#meta);
  }

  /** All that has been compiled until now. */
  compiled(): Uint8Array {
    return this.#script.createCachedData();
  }
}

/** What the script is: a function of what modules of Node have. */
type Start = (require: NodeJS.Require, module: { exports: object }, meta: ImportMeta) => Program;
