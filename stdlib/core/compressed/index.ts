/** Files made smaller while the image is built: by the build, which knows the same file by its content in every set-up. */
import { fileCopy, fileSize } from "../prepare";
import { compress } from "./prepare";

/** The bytes of file `index` in this coding. */
export function compressed(index: i32, coding: string): StaticArray<u8> {
  const number = compress(index, coding);
  const bytes = new StaticArray<u8>(fileSize(number));
  fileCopy(number, changetype<usize>(bytes));
  return bytes;
}
