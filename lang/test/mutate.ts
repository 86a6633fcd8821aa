/** Descriptions of the tests, and random changes of them. */
import { readdirSync, readFileSync } from "node:fs";
import { examples } from "./syntax-files.ts";

const folder = (name: string) => new URL(`${name}/`, import.meta.url);
const texts = (name: string, end: string): readonly string[] =>
  readdirSync(folder(name), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(end))
    .sort()
    .map((file) => readFileSync(new URL(file, folder(name)), "utf8").replace(/\n----\n[\s\S]*$/, "\n"));

/** Right ones and wrong ones. */
export const descriptions = [...examples.map(({ text }) => text), ...texts("errors", ".txt")];
/** A small generator of numbers (mulberry32), so that a failure can be repeated by its seed. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pieces = (text: string): string[] => text.match(/"[^"\n]*"|[\w.:/°%-]+|\s+|./gu) ?? [];

/** A few pieces dropped, doubled, exchanged, or taken from another text. */
export function mutate(text: string, other: string, pick: (below: number) => number): string {
  const own = pieces(text);
  const foreign = pieces(other);
  for (let times = 1 + pick(4); times > 0; times--) {
    const at = pick(own.length);
    const kind = pick(5);
    if (kind === 0) own.splice(at, 1 + pick(3));
    else if (kind === 1) own.splice(at, 0, own[pick(own.length)] ?? "");
    else if (kind === 2) own[at] = foreign[pick(foreign.length)] ?? "";
    else if (kind === 3) own.splice(at, 0, ...foreign.slice(pick(foreign.length)).slice(0, 1 + pick(20)));
    else [own[at], own[at + 1]] = [own[at + 1] ?? "", own[at] ?? ""];
  }
  return own.join("");
}
