/** Threads that compile functions beside ours. They are started where it pays, and end with the job. */
import type { Worker } from "node:worker_threads";
import type { Compiled, Crew, Job, Shift } from "#codegen";
import { workerOf } from "./child-path.ts";

/** What a thread is given. */
export interface Given {
  readonly wasm: Uint8Array;
  readonly isa: Job["isa"];
  /** Functions in the order in which they are begun. */
  readonly order: readonly number[];
  /** First how many were begun, then for each thread but ours whether it has begun any. */
  readonly shared: Int32Array;
  readonly thread: number;
}

/**
 * A thread has to load the code generator, which V8 then runs slowly for some time. Where there are not so many bytes of functions for each one, ours is done before the
 * others are of use. In the sources TypeScript is translated first.
 */
const WORTH = (import.meta.url.endsWith(".ts") ? 256 : 12) << 10;

/** `jobs` threads at most, ours among them. */
export function codeCrew(jobs: number, worth = WORTH): Crew {
  return {
    begin({ wasm, isa, order }) {
      const bytes = order.reduce((sum, each) => sum + each.bytes, 0);
      const others = Math.min(jobs, Math.floor(bytes / worth), order.length) - 1;
      return others > 0
        ? new CodeShift({ wasm, isa, order: order.map(({ index }) => index) }, others)
        : undefined;
    },
  };
}

/** Takes functions, one at a time. Every one is taken once, whoever is first. */
export function taker({ order, shared, thread }: Pick<Given, "order" | "shared" | "thread">): Shift["next"] {
  return () => {
    // Said first: who has not said it when nothing is left will never have anything.
    if (thread > 0) Atomics.store(shared, thread, 1);
    return order[Atomics.add(shared, 0, 1)];
  };
}

class CodeShift implements Shift {
  readonly next: Shift["next"];
  readonly #shared: Int32Array;
  readonly #length: number;
  readonly #threads: readonly Thread[];

  constructor(job: Pick<Given, "wasm" | "isa" | "order">, others: number) {
    this.#shared = new Int32Array(new SharedArrayBuffer(4 * (1 + others)));
    this.#length = job.order.length;
    const given = { ...job, shared: this.#shared };
    this.next = taker({ ...given, thread: 0 });
    this.#threads = Array.from({ length: others }, (_, n) => startThread({ ...given, thread: n + 1 }));
  }

  async others(): Promise<readonly Compiled[]> {
    const isOver = Atomics.load(this.#shared, 0) >= this.#length;
    const done = this.#threads.map(async ({ worker, compiled }, n) => {
      const hasNothing = isOver && Atomics.load(this.#shared, n + 1) === 0;
      const found = hasNothing ? [] : await compiled;
      await worker.terminate();
      return found;
    });
    return (await Promise.all(done)).flat();
  }
}

interface Thread {
  readonly worker: Worker;
  /** Nothing if it fails, for want of memory say: who waits for it does its work. */
  readonly compiled: Promise<readonly Compiled[]>;
}

function startThread(given: Given): Thread {
  const worker = workerOf("code-child", given);
  const compiled = new Promise<readonly Compiled[]>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", () => resolve([]));
    worker.once("exit", () => resolve([]));
  });
  return { worker, compiled };
}
