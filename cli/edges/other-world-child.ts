/**
 * Loaded before the command by `appl build --check`, in it and in all that it starts: another clock, another machine, folders in another order.
 * What none of this may change is the image.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const YEAR = 366 * 24 * 60 * 60 * 1000;

const there = Date;
globalThis.Date = new Proxy(there, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [there.now() + YEAR] : given, made) as object,
  apply: () => new there(there.now() + YEAR).toString(),
  get: (target, name) => (name === "now" ? () => there.now() + YEAR : (Reflect.get(target, name) as unknown)),
});

const { cpus, userInfo } = os;
// Not as many as there are, and never none.
const processors = cpus().length === 1 ? [...cpus(), ...cpus()] : cpus().slice(0, 1);
os.cpus = () => processors;
os.availableParallelism = () => processors.length;
os.hostname = () => "elsewhere";
os.userInfo = ((...given: Parameters<typeof userInfo>) => ({
  ...userInfo(...given),
  username: "stranger",
})) as typeof userInfo;

/** The same other order every time. */
function shuffled<T>(found: T): T {
  if (!Array.isArray(found)) return found;
  const all = [...(found as unknown[])];
  let state = all.length;
  for (let n = all.length - 1; n > 0; n--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (n + 1);
    [all[n], all[other]] = [all[other], all[n]];
  }
  return all as T;
}

const list = fs.readdirSync as (...given: unknown[]) => unknown;
fs.readdirSync = ((...given: unknown[]) => shuffled(list(...given))) as typeof fs.readdirSync;
const promised = fs.promises.readdir as (...given: unknown[]) => Promise<unknown>;
fs.promises.readdir = (async (...given: unknown[]) =>
  shuffled(await promised(...given))) as typeof fs.promises.readdir;
const called = fs.readdir as (...given: unknown[]) => void;
fs.readdir = ((...given: unknown[]) => {
  const done = given.pop() as (error: unknown, found: unknown) => void;
  called(...given, (error: unknown, found: unknown) => done(error, shuffled(found)));
}) as typeof fs.readdir;

syncBuiltinESMExports();
process.umask(0o077);
