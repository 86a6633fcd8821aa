/** The check sum of Sensirion's chips: SHT4x data sheet, section 4.4: polynomial 0x31, begun with 0xFF. */
import { Bytes } from "../../core/bytes";

/** Of two bytes, which a third one follows with their sum. */
export function isSound(bytes: Bytes, at: u32): bool {
  let sum: u32 = 0xff;
  for (let n: u32 = 0; n < 2; n++) {
    sum ^= bytes.u8(at + n);
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ ((sum & 0x80) != 0 ? 0x31 : 0)) & 0xff;
  }
  return bytes.u8(at + 2) == sum;
}
