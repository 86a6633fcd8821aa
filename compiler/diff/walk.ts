/** Two builds walked side by side: only where digests differ is anything read, and each pair once. */
import type { Digest } from "../store/digest.ts";
import { readObject } from "./documents.ts";
import type { Read } from "./shape.ts";

/** Where objects are: a store. */
export interface Objects {
  blob(digest: Digest): Uint8Array | undefined;
}

/** Something of both sides. */
export interface Both<T> {
  readonly a: T;
  readonly b: T;
}

export class Walk {
  /** What was read together, for whoever wants to know how far this went. */
  readonly visited: Both<Digest | undefined>[] = [];
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  read<T>(read: Read<T>, digest: Digest | undefined): T | undefined {
    return digest === undefined ? undefined : readObject(read, this.#objects.blob(digest));
  }

  /** Both objects; undefined if the digests are equal. An object that is nowhere is undefined. */
  enter<T>(read: Read<T>, a: Digest | undefined, b: Digest | undefined): Both<T | undefined> | undefined {
    if (a === b) return undefined;
    this.visited.push({ a, b });
    return { a: this.read(read, a), b: this.read(read, b) };
  }

  bytes(digest: Digest): Uint8Array | undefined {
    return this.#objects.blob(digest);
  }
}

/** Members of two lists that play the same role, in order of the role's name. */
export function byRole<T>(
  a: readonly T[],
  b: readonly T[],
  roleOf: (member: T) => string,
): { readonly role: string; readonly a: T | undefined; readonly b: T | undefined }[] {
  const inA = new Map(a.map((member) => [roleOf(member), member]));
  const inB = new Map(b.map((member) => [roleOf(member), member]));
  const roles = [...new Set([...inA.keys(), ...inB.keys()])].toSorted(compareText);
  return roles.map((role) => ({ role, a: inA.get(role), b: inB.get(role) }));
}

/** By code units: the same everywhere. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
