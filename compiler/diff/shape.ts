/** Readers of JSON that anybody may have written: each gives the value with its type, or throws `Malformed`. */

export class Malformed extends Error {}

export type Read<T> = (value: unknown) => T;
type Shape = Readonly<Record<string, Read<unknown>>>;
type Of<S extends Shape> = { readonly [K in keyof S]: S[K] extends Read<infer T> ? T : never };

export const text: Read<string> = (value) => (typeof value === "string" ? value : fail());
export const whole: Read<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : fail());
export const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : fail());

export const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(read) : fail();

/** A list of fixed length, each place with its own reader. */
export const tuple =
  <T extends readonly unknown[]>(...reads: { [K in keyof T]: Read<T[K]> }): Read<T> =>
  (value) =>
    Array.isArray(value) && value.length === reads.length
      ? (reads.map((read, n) => read(value[n])) as unknown as T)
      : fail();

export const maybe =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value) =>
    value === undefined ? undefined : read(value);

export const either =
  <A, B>(one: Read<A>, other: Read<B>): Read<A | B> =>
  (value) => {
    try {
      return one(value);
    } catch {
      return other(value);
    }
  };

export const oneOf =
  <T extends string>(...words: readonly T[]): Read<T> =>
  (value) =>
    words.find((word) => word === value) ?? fail();

/** Members that are not named are left out. */
export const fields =
  <S extends Shape>(shape: S): Read<Of<S>> =>
  (value) => {
    if (typeof value !== "object" || value === null) return fail();
    const given = value as Record<string, unknown>;
    const own = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined);
    return Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(own(name))])) as Of<S>;
  };

export function fail(): never {
  throw new Malformed();
}
