/** What all that measure kernels share. */
export interface Kernel {
  readonly name: string;
  /** It exports `run(i32, i32)` and `outputAddress() -> i32`, with an input also `inputAddress() -> i32`. */
  readonly wasm: Uint8Array;
  /** The same without imports, for V8; `wasm` if there are none. */
  readonly portable?: Uint8Array;
  /** Arguments of `run`, whose calls are timed. */
  readonly args: readonly [number, number];
  /** What is written at the input address first. */
  readonly input?: Uint8Array;
  /** There is `finish()`, which leaves the output after the last call of `run`. */
  readonly finish?: boolean;
}

export interface Measured {
  /** Ticks of the fastest call of `run`: the others were disturbed. */
  readonly ticks: number;
  /** At the output address, hexadecimal. */
  readonly output: string;
}

/** Calls of `run`. */
export const SAMPLES = 15;
/** Bytes. */
export const OUTPUT = 32;
