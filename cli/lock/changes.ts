/** What a command wants of the lock: lines to put and lines to take away. */
import * as z from "zod";
import { type LockLine, printLine } from "#lang";
import { changeLock } from "./lock-file.ts";

export interface Change {
  readonly name: string;
  readonly before: LockLine | undefined;
  /** Undefined: the line goes. */
  readonly after: LockLine | undefined;
}

export const changeShape = z.object({
  name: z.string(),
  before: z.string().optional().describe("The line as it was; none if it is new"),
  after: z.string().optional().describe("The line as it is now; none if it was taken away"),
});

export const changeRow = ({ name, before, after }: Change): z.output<typeof changeShape> => ({
  name,
  ...(before && { before: printLine(before) }),
  ...(after && { after: printLine(after) }),
});

/** Puts lines into the lock, undefined in the place of one takes it away; gives what that changed. */
export function putLines(
  folder: string,
  lines: ReadonlyMap<string, LockLine | undefined>,
): readonly Change[] {
  const changes: Change[] = [];
  changeLock(folder, ({ lock }) => {
    const all = new Map(lock);
    for (const [name, after] of lines) {
      const before = lock.get(name);
      if (isSame(before, after)) continue;
      changes.push({ name, before, after });
      if (after === undefined) all.delete(name);
      else all.set(name, after);
    }
    return all.values();
  });
  return changes;
}

export function isSame(a: LockLine | undefined, b: LockLine | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && printLine(a) === printLine(b));
}

/** `serial/ns1/example.com  2026112100 -> 2026112101`. */
export function changeText({ name, before, after }: Change): string {
  if (after === undefined) return `${name}  removed`;
  const [was, is] = [shown(before), shown(after)];
  return `${name}  ${was === undefined ? is : was === is ? `${was}, other content` : `${was} -> ${is}`}`;
}

function shown(line: LockLine | undefined): string | undefined {
  switch (line?.kind) {
    case undefined:
      return undefined;
    case "counter":
      return String(line.number);
    case "library":
      return line.version === "-" ? line.digest.slice(0, 17) : line.version;
    case "package": {
      const { source, version, digest } = line;
      if (source.kind === "path") return `path:${source.path}`;
      const commit = source.kind === "git" ? source.commit?.slice(0, 10) : undefined;
      return [version === "-" ? undefined : version, commit ?? digest?.slice(0, 17)]
        .filter((it) => it !== undefined)
        .join(" ");
    }
  }
}
