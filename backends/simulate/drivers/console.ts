import { write as simulatedWrite } from "./simulator";

export function write(byte: u32): void {
  simulatedWrite(byte);
}
