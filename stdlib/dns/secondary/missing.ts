/** Copies that are not there, for whoever asks whether all is well. */
import { Bytes } from "../../core/bytes";
import { Reasons } from "../../core/reasons";
import { all } from "./copies";

export function missing(to: Reasons): void {
  for (let n = 0; n < all.length; n++) {
    const copy = all[n];
    if (copy.current != null && !copy.isExpired) continue;
    to.text("zone ");
    name(to, copy.name);
    to.text(copy.isExpired ? ": its copy has expired" : ": no server has given a copy yet");
    to.end();
  }
}

/** A name in wire form, without the last point. */
function name(to: Reasons, wire: Bytes): void {
  if (wire.u8(0) == 0) to.text(".");
  for (let at: u32 = 0; wire.u8(at) != 0; ) {
    if (at > 0) to.text(".");
    const end = at + wire.u8(at) + 1;
    for (at += 1; at < end; at++) {
      const code = wire.u8(at);
      to.character(code > 32 && code < 127 ? code : 63);
    }
  }
}
