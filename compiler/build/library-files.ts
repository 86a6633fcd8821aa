/**
 * Where libraries lie. The name says it, but for boards: these are found by looking which backend has one of that name, so that adding a
 * board is adding one file.
 *
 *     std/dns            stdlib/dns/dns.appl
 *     std/sensor/sht4x   stdlib/sensor/sht4x/sht4x.appl
 *     std/board/riscv    backends/<any>/boards/riscv.appl, else stdlib/board/riscv/riscv.appl
 *     backend/kvm        backends/kvm/kvm.appl
 */
import type { Libraries, Texts } from "#lang";

/** The library that a file holds; undefined if it lies where no library is looked for. */
export function libraryOf(file: string): string | undefined {
  const board = /^backends\/[^/]+\/boards\/([^/]+)\.appl$/.exec(file);
  if (board) return `std/board/${board[1]}`;
  const named = /^(stdlib|backends)\/((?:[^/]+\/)*)([^/]+)\/\3\.appl$/.exec(file);
  return named ? `${named[1] === "stdlib" ? "std" : "backend"}/${named[2]}${named[3]}` : undefined;
}

/** `listed`: every `.appl` file of `stdlib/` and `backends/`; only needed for boards and for suggestions. */
export function librariesFrom(files: Texts, listed: () => readonly string[]): Libraries {
  let known: ReadonlyMap<string, string> | undefined;
  const byName = (): ReadonlyMap<string, string> => {
    if (known) return known;
    const found = new Map<string, string>();
    for (const file of listed()) {
      const library = libraryOf(file);
      if (library !== undefined) found.set(library, file);
    }
    known = found;
    return found;
  };
  return {
    find(path) {
      for (const file of [fileOf(path), path.startsWith("std/board/") ? byName().get(path) : undefined]) {
        const bytes = file === undefined ? undefined : files.read(file);
        if (bytes !== undefined) return { path: file!, text: new TextDecoder().decode(bytes) };
      }
      return undefined;
    },
    all: () => [...byName().keys()].filter((path) => path.startsWith("std/")).toSorted(),
  };
}

const roots: Readonly<Record<string, string>> = { std: "stdlib", backend: "backends" };

function fileOf(library: string): string | undefined {
  const [first, ...rest] = library.split("/");
  const root = roots[first!];
  const last = rest.at(-1);
  return root === undefined || last === undefined ? undefined : `${root}/${rest.join("/")}/${last}.appl`;
}
