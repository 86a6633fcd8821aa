/** Files that `prepare` finds named inside of files that the description gave. */
import { fileCopy, fileSize, include as open } from "./prepare";
import { File } from "./values";

/** The file at `path` relative to `from`; null when it does not exist or lies outside of the project. */
export function include(from: File, path: string): File | null {
  const index = open(from.index, path);
  if (index < 0) return null;
  const bytes = new StaticArray<u8>(fileSize(index));
  fileCopy(index, changetype<usize>(bytes));
  return new File(path, bytes, index);
}
