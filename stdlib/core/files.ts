/** Files that `prepare` finds named inside of files that the description gave. */
import { File } from "./values";

/** Implemented by the compiler: the number of the file at `path`, relative to the folder of file `from`, or -1. */
export declare function open(from: i32, path: string): i32;
export declare function size(index: i32): i32;
export declare function read(index: i32, to: usize): void;

/** The file at `path` relative to `from`; null when it does not exist or lies outside of the project. */
export function include(from: File, path: string): File | null {
  const index = open(from.index, path);
  if (index < 0) return null;
  const bytes = new StaticArray<u8>(size(index));
  read(index, changetype<usize>(bytes));
  return new File(path, bytes, index);
}
