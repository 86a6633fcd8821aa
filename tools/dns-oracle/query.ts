/** Writes DNS questions, good ones and bad ones. */

export interface Edns {
  readonly size: number;
  readonly version?: number;
  readonly dnssec?: boolean;
  /** Options in wire form. */
  readonly options?: readonly number[];
}

export interface MessageOptions {
  readonly edns?: Edns;
  readonly class?: number;
  readonly recursion?: boolean;
}

/** A query for one name and type. */
export function message(name: Uint8Array, type: number, options: MessageOptions): Uint8Array {
  const clazz = options.class ?? 1;
  const head = [0x12, 0x34, options.recursion ? 1 : 0, 0, 0, 1, 0, 0, 0, 0, 0, options.edns ? 1 : 0];
  const edns = options.edns ? optRecord(options.edns) : [];
  return Uint8Array.from([...head, ...name, type >> 8, type & 255, clazz >> 8, clazz & 255, ...edns]);
}

export function optRecord(edns: Edns): Uint8Array {
  const options = edns.options ?? [];
  const flags = edns.dnssec ? 0x80 : 0;
  return Uint8Array.from([
    0,
    0,
    41,
    edns.size >> 8,
    edns.size & 255,
    0,
    edns.version ?? 0,
    flags,
    0,
    options.length >> 8,
    options.length & 255,
    ...options,
  ]);
}

/** The bytes with others at some places: offset, value, offset, value. */
export function patch(bytes: Uint8Array, ...changes: number[]): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let i = 0; i < changes.length; i += 2) out[changes[i]!] = changes[i + 1]!;
  return out;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
