/** Bytes of code by module. Names of functions are AssemblyScript's: `stdlib/net/arp/table/Table#find`. */

export interface SizedFunction {
  readonly name: string;
  readonly bytes: number;
}

export interface SizedModule {
  /** Of a module, a library, or of neither: the wiring. */
  readonly name: string;
  readonly bytes: number;
}

/** `owners`: folder of sources → module. What is inlined counts for the function that it is inlined into. */
export function sizesByModule(
  functions: readonly SizedFunction[],
  owners: ReadonlyMap<string, string>,
): SizedModule[] {
  return summed(functions.map(({ name, bytes }) => ({ name: ownerOf(name, owners), bytes })));
}

/** One row for each name, the largest first. */
export function summed(rows: readonly SizedModule[]): SizedModule[] {
  const sums = new Map<string, number>();
  for (const { name, bytes } of rows) sums.set(name, (sums.get(name) ?? 0) + bytes);
  return [...sums]
    .map(([name, bytes]) => ({ name, bytes }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

export const RUNTIME = "language run time";
const WIRING = "wiring";

/** `name`: of a function, or the path of its source. */
export function ownerOf(name: string, owners: ReadonlyMap<string, string>): string {
  const path = (/^(?:start:)?([^<(#]*)/.exec(name)?.[1] ?? name).split("/");
  if (path[0] === "~lib" || name.startsWith("~")) return RUNTIME;
  if (path[0] === "appliance") return WIRING;
  for (let length = path.length - 1; length > 0; length--) {
    const owner = owners.get(path.slice(0, length).join("/"));
    if (owner !== undefined) return owner;
  }
  return path[0] === "stdlib" ? `std/${path[1]}` : path.slice(0, 2).join("/");
}
