/**
 * What a native test program understands on its standard input, and what it answers. All numbers are 64 bits, little-endian.
 * A command is four of them and what they announce; commands are carried out in order, and each is answered before the next is read.
 */

export type Command =
  /** Calls the code at `address`. */
  | {
      readonly kind: "call";
      readonly address: number;
      readonly args: readonly bigint[];
      /** Registers and words. */
      readonly results: number;
      /** What they are of; without it each is 64 bits. An i32 is read as unsigned, whatever stands above it. */
      readonly types?: readonly ("i32" | "i64" | "pair")[];
    }
  /** Reads 8 bytes at an address of the program. */
  | { readonly kind: "peek"; readonly address: number }
  /** Writes 8 bytes at an address of the program. */
  | { readonly kind: "poke"; readonly address: number; readonly value: bigint }
  /** Writes into linear memory; the caller knows that it fits. */
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  /** Reads linear memory. */
  | { readonly kind: "read"; readonly offset: number; readonly size: number };

export type Answer =
  | { readonly kind: "values"; readonly values: readonly bigint[]; readonly ticks: bigint }
  | { readonly kind: "trap"; readonly code: number }
  /** A fault that no trap explains: our mistake. */
  | { readonly kind: "crash"; readonly signal: number; readonly at: number; readonly address: bigint }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The program ended before it answered. */
  | { readonly kind: "none" };

export const COMMAND_BYTES = 32;
/** Status, clock ticks; then the values. */
export const ANSWER_BYTES = 16;
export const numbers = { call: 0, peek: 1, poke: 2, write: 3, read: 4 } as const;
/** Statuses of answers: 0, 1 + the trap code, or this + the signal. */
export const CRASH = 0x1000;
/** In place of a signal: a callee-saved register came back changed. */
export const SPOILT_REGISTER = 0x100;
/** Arguments and results that the program has room for. */
export const MOST_VALUES = 1024;

/** What the test program reads on its standard input. */
export function encodeCommands(commands: readonly Command[]): Uint8Array {
  const parts = commands.flatMap(encodeCommand);
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function encodeCommand(command: Command): Uint8Array[] {
  switch (command.kind) {
    case "call": {
      const { address, args, results } = command;
      return [words(numbers.call, address, args.length, results), words(...args)];
    }
    case "peek":
      return [words(numbers.peek, command.address, 0, 1)];
    case "poke":
      return [words(numbers.poke, command.address, 1, 0), words(command.value)];
    case "write":
      return [words(numbers.write, command.offset, command.bytes.length, 0), command.bytes];
    case "read":
      return [words(numbers.read, command.offset, command.size, 0)];
  }
}

function words(...values: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, n) => {
    view.setBigUint64(8 * n, BigInt.asUintN(64, BigInt(value)), true);
  });
  return bytes;
}

/** One answer for each command. */
export function decodeAnswers(commands: readonly Command[], output: Uint8Array): Answer[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  let at = 0;
  return commands.map((command): Answer => {
    const values = command.kind === "call" ? command.results : command.kind === "peek" ? 1 : 0;
    const head = at;
    const tail = head + ANSWER_BYTES;
    const size = command.kind === "read" ? command.size : 8 * Math.max(values, 2);
    at = tail + size;
    if (at > output.length) return { kind: "none" };
    if (command.kind === "read") return { kind: "bytes", bytes: new Uint8Array(output.subarray(tail, at)) };
    const status = Number(view.getBigUint64(head, true));
    const word = (n: number) => view.getBigInt64(tail + 8 * n, true);
    if (status >= CRASH)
      return {
        kind: "crash",
        signal: status - CRASH,
        at: Number(word(0)),
        address: BigInt.asUintN(64, word(1)),
      };
    if (status > 0) return { kind: "trap", code: status - 1 };
    const ticks = view.getBigUint64(head + 8, true);
    const types = command.kind === "call" ? command.types : undefined;
    return {
      kind: "values",
      values: typed(
        Array.from({ length: values }, (_, n) => word(n)),
        types,
      ),
      ticks,
    };
  });
}

/** Values from words: a pair is the low half, then the high one. */
function typed(words: readonly bigint[], types: readonly ("i32" | "i64" | "pair")[] | undefined): bigint[] {
  if (types === undefined) return [...words];
  let at = 0;
  const low = (word: bigint) => BigInt.asUintN(32, word);
  return types.map((type) => {
    const first = words[at++]!;
    if (type === "pair") return BigInt.asIntN(64, low(first) | (words[at++]! << 32n));
    return type === "i32" ? low(first) : first;
  });
}
