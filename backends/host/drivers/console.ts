import { write as hostWrite } from "./host";

/** One byte to standard output. */
export function write(byte: u32): void {
  hostWrite(byte);
}
