/**
 * Collection of what nothing leads to any more. It may run beside builds: what was used within the grace period is left alone, and what
 * comes into use while it is being removed is put back. At worst a build does something again.
 *
 * So nothing is deleted where it lies. It is moved aside, where nobody begins to read it any more, and after a moment its time is looked at again:
 * whoever had already begun has set it anew.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Digest, decodeAction, reach, type Space } from "#compiler";
import { DRAFTS, GRACE } from "../edges/node-blobs.ts";
import { documentText, namesIn, type StoredFile, stats, storedFiles } from "../edges/store-files.ts";
import { judge, type KeepRule, lockedDigests, type RootFile, rootFiles } from "./roots.ts";
import { allTags } from "./tags.ts";

export interface CollectOptions extends KeepRule {
  readonly dryRun: boolean;
  readonly now: number;
}

export interface Collected {
  /** Builds that are not kept any more, the one last used first. */
  readonly dropped: readonly RootFile[];
  readonly builds: number;
  readonly tags: number;
  readonly removed: Tally;
  readonly kept: Tally;
}

export interface Tally {
  readonly objects: number;
  readonly others: number;
  readonly bytes: number;
}

export function collect(folder: string, { dryRun, now, ...rule }: CollectOptions): Collected {
  const limit = now - GRACE;
  const { kept, dropped } = judge(rootFiles(folder), { ...rule, since: Math.min(rule.since, limit) });
  const tags = allTags(folder);
  const live = mark(folder, kept, [...tags.map(([, digest]) => digest), ...lockedDigests(kept)], limit);
  const unused = (file: StoredFile) => file.used < limit && !live[file.space].has(file.name);
  const files = spaces.flatMap((space) => [...storedFiles(folder, space)]);
  const garbage = files.filter(unused);
  const gone = new Set(dryRun ? garbage : remove(folder, garbage, limit));
  if (!dryRun) sweepDrafts(folder, now);
  return {
    dropped,
    builds: kept.length,
    tags: tags.length,
    removed: tally(files.filter((file) => gone.has(file))),
    kept: tally(files.filter((file) => !gone.has(file))),
  };
}

/** Who leads to others goes first: a build at work then finds nothing whose parts are missing. */
const spaces = ["root", "index", "action", "object"] as const;

function tally(files: readonly StoredFile[]): Tally {
  const objects = files.filter(({ space }) => space === "object").length;
  return { objects, others: files.length - objects, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

type Live = Readonly<Record<Space, ReadonlySet<Digest>>>;

function mark(folder: string, roots: readonly RootFile[], more: readonly Digest[], limit: number): Live {
  const actions = new Set(roots.flatMap(({ entry }) => entry.actions));
  const from = new Set([...more, ...roots.flatMap(({ entry }) => entry.objects)]);
  for (const { manifest } of roots.map(({ entry }) => entry)) if (manifest !== undefined) from.add(manifest);
  for (const file of storedFiles(folder, "action"))
    if (file.used >= limit || actions.has(file.name)) for (const digest of outputsOf(file)) from.add(digest);
  // What was just made may be named by nothing yet, and name something old.
  for (const { name, used } of storedFiles(folder, "object")) if (used >= limit) from.add(name);
  return {
    root: new Set(roots.map(({ file }) => file.name)),
    index: new Set(roots.flatMap(({ entry }) => entry.index)),
    action: actions,
    object: reach(from, (digest) => documentText(folder, digest)),
  };
}

function outputsOf({ name, path }: StoredFile): readonly Digest[] {
  try {
    return Object.values(decodeAction(name, readFileSync(path))?.outputs ?? {});
  } catch {
    return [];
  }
}

/** From opening a file to setting its time, with a lot of room. */
const MOMENT = 50;

/** Gives what was really removed. */
function remove(folder: string, files: readonly StoredFile[], limit: number): StoredFile[] {
  if (files.length === 0) return [];
  attempt(() => mkdirSync(join(folder, DRAFTS), { recursive: true }));
  const moved = files.flatMap((file) => {
    const aside = join(folder, DRAFTS, `${process.pid}.${randomBytes(8).toString("hex")}`);
    return attempt(() => renameSync(file.path, aside)) ? [{ file, aside }] : [];
  });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT);
  return moved.flatMap(({ file, aside }) => {
    const used = stats(aside)?.mtimeMs ?? 0;
    const back = used >= limit && attempt(() => renameSync(aside, file.path));
    if (back || !attempt(() => rmSync(aside))) return [];
    attempt(() => rmdirSync(dirname(file.path)));
    return [file];
  });
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

const DAY = 24 * 60 * 60 * 1000;

/** Drafts are there for a moment. Those of a process that is gone, or that are a day old, were left behind. */
function sweepDrafts(folder: string, now: number): void {
  for (const name of namesIn(join(folder, DRAFTS), /^\d+\./)) {
    const path = join(folder, DRAFTS, name);
    const age = now - (stats(path)?.mtimeMs ?? now);
    if (age > DAY || !isAlive(Number(name.split(".")[0]))) rmSync(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
