/** What a message says of folders that take much flash memory. */
import type { Configuration, DirValue } from "#lang";
import { filesOf } from "./estimate.ts";
import { kib } from "./kib.ts";

const SHOWN = 3;
/** A folder with less of its own is not what is too large. */
const LEAST = 16n * 1024n;

/** A help for each folder, the largest first. */
export const fewerFiles = ({ modules }: Configuration): readonly string[] =>
  filesOf(modules)
    .filter((it) => it.kind === "dir")
    .map((dir) => ({ dir, bytes: sizeOf(dir) }))
    .filter(({ bytes }) => bytes >= LEAST)
    .toSorted((a, b) => Number(b.bytes - a.bytes))
    .map(({ dir, bytes }) => {
      const largest = [...dir.files]
        .map(([path, file]) => ({ path, size: file.bytes.length }))
        .toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
        .slice(0, SHOWN)
        .map(({ path, size }) => `${path} ${kib(BigInt(size))}`);
      return `\`./${dir.path}\` has ${kib(bytes)}, most of it in ${largest.join(", ")}: \`skip = […]\` leaves files out`;
    });

const sizeOf = ({ files }: DirValue): bigint =>
  [...files.values()].reduce((sum, { bytes }) => sum + BigInt(bytes.length), 0n);
