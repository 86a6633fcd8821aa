/** The AssemblyScript compiler in a child process: started when it is first needed, kept until `close`. */
import { type ChildProcess, fork } from "node:child_process";
import type { AssembleOutcome, AssembleRequest, Assembler } from "#compiler";
import { childPath, loaderOf } from "./child-path.ts";

export function childAssembler(): Assembler {
  let child: Child | undefined;
  return {
    assemble(request) {
      if (child === undefined || child.ended) child = new Child();
      return child.ask(request);
    },
    async close() {
      await child?.close();
      child = undefined;
    },
  };
}

class Child {
  readonly #process: ChildProcess;
  readonly #ready: Promise<void>;
  #output = "";
  #queue: Promise<unknown> = Promise.resolve();
  ended = false;

  constructor() {
    const path = childPath("asc-child");
    // In the sources: the compiler is loaded before what translates our TypeScript, which would look through its 15 MB first.
    const execArgv = path.endsWith(".ts")
      ? ["--import", import.meta.resolve("assemblyscript/asc"), ...loaderOf(path)]
      : [];
    this.#process = fork(path, [], { execArgv, serialization: "advanced", silent: true });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (data: Buffer) => {
        this.#output = (this.#output + data.toString()).slice(-8000);
      });
    this.#process.once("exit", () => {
      this.ended = true;
    });
    this.#ready = new Promise((resolve) => {
      this.#process.once("message", () => resolve());
      this.#process.once("exit", () => resolve());
    });
  }

  /** One at a time. */
  ask(request: AssembleRequest): Promise<AssembleOutcome> {
    const answer = this.#queue.then(() => this.#ask(request));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #ask(request: AssembleRequest): Promise<AssembleOutcome> {
    await this.#ready;
    return await new Promise((resolve) => {
      const crashed = () => resolve({ kind: "crashed", output: this.#output });
      if (this.ended) return crashed();
      this.#process.once("exit", crashed);
      this.#process.once("message", (outcome) => {
        this.#process.off("exit", crashed);
        resolve(outcome as AssembleOutcome);
      });
      this.#process.send(request);
    });
  }

  async close(): Promise<void> {
    if (this.ended) return;
    const exit = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.disconnect();
    await exit;
  }
}
