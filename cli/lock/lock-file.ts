/**
 * `appl.lock` on disk. It is written under another name and then renamed, so it is whole or as it was; the other name is there once, so two who
 * write at the same time do it one after the other, and each reads what the one before has written.
 */
import {
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  LOCK_FILE,
  type LockLine,
  noLock,
  type ParsedLock,
  parseLock,
  plain,
  renderAll,
  Sources,
  withBothSides,
  writeLock,
} from "#lang";
import { inputError } from "../exit.ts";
import { lookAt, reasonOf } from "../inputs.ts";

/** Without a file, a lock without lines. With a fault in it, an error that shows it. */
export function readLock(folder: string): ParsedLock {
  const bytes = bytesOf(folder);
  if (bytes === undefined) return noLock;
  return parsed(join(folder, LOCK_FILE), bytes);
}

function parsed(path: string, bytes: Uint8Array): ParsedLock {
  const lock = parseLock(path, bytes);
  if (lock.diagnostics.length === 0) return lock;
  const shown = renderAll(lock.diagnostics, new Sources({ read: () => bytes }), plain);
  throw inputError(`\`${path}\` cannot be read`, shown.trimEnd().replaceAll("\n", "\n  "));
}

/** Ends a merge that git has left to us; true if there was one. What only a person can choose is an error, and the file stays as it is. */
export function settleMerge(folder: string): boolean {
  const text = new TextDecoder().decode(bytesOf(folder) ?? new Uint8Array(0));
  const isOpen = parseLock(LOCK_FILE, text).diagnostics.some(({ code }) => code === "E0152");
  if (!isOpen) return false;
  const both = new TextEncoder().encode(withBothSides(text));
  changeLock(
    folder,
    () => parsed(join(folder, LOCK_FILE), both).lock.values(),
    () => noLock,
  );
  return true;
}

/** Undefined if there is no such file. */
function bytesOf(folder: string): Uint8Array | undefined {
  const path = join(folder, LOCK_FILE);
  try {
    return lookAt(path) === undefined ? undefined : readFileSync(path);
  } catch (error) {
    throw inputError(`cannot read \`${path}\`: ${reasonOf(error)}`);
  }
}

/** Puts what `change` makes of the lock in its place; undefined leaves it alone. True if the file is another one now. */
export function changeLock(
  folder: string,
  change: (lock: ParsedLock) => Iterable<LockLine> | undefined,
  read: (folder: string) => ParsedLock = readLock,
): boolean {
  const path = join(folder, LOCK_FILE);
  const place = lookAt(path) === undefined ? path : realpathSync(path);
  const draft = join(dirname(place), ".appl.lock.new");
  const file = exclusive(draft, path);
  let isThere = true;
  try {
    const lines = change(read(folder));
    const text = lines && writeLock(lines);
    if (text === undefined || text === new TextDecoder().decode(bytesOf(folder))) return false;
    writeFileSync(file, text);
    renameSync(draft, place);
    isThere = false;
    return true;
  } finally {
    closeSync(file);
    if (isThere) rmSync(draft, { force: true });
  }
}

/** Longer than anybody needs to write a lock: who made a draft and left it so long was ended. */
const ABANDONED_MS = 10_000;
const PAUSE_MS = 20;

function exclusive(draft: string, path: string): number {
  for (;;)
    try {
      return openSync(draft, "wx");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw inputError(
          `cannot write \`${path}\`: ${reasonOf(error)}`,
          "serial numbers are counted in it: `--locked` builds without",
        );
      if (ageOf(draft) > ABANDONED_MS) rmSync(draft, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
}

function ageOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
