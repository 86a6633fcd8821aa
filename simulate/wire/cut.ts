/** What a device does that cuts TCP segments for its driver: Virtual I/O Device 1.2, 5.1.6.2. */
import { checksum, completeChecksum, sum } from "./checksum.ts";

const [FIN, PSH] = [1, 8];
const ETHERNET = 14;
const [SEQUENCE, WORD, FLAGS, CHECKSUM] = [4, 12, 13, 16];

/** The frames of `size` bytes of payload each, whose segment begins at `start`; in its checksum field is the sum of the pseudo header. */
export function cut(frame: Uint8Array, start: number, size: number): Uint8Array[] {
  const headers = start + (frame[start + WORD]! >> 4) * 4;
  const whole = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const frames: Uint8Array[] = [];
  for (let at = headers; at < frame.length; at += size) {
    const payload = frame.subarray(at, at + size);
    const out = new Uint8Array(headers + payload.length);
    out.set(frame.subarray(0, headers));
    out.set(payload, headers);
    const view = new DataView(out.buffer);
    view.setUint32(start + SEQUENCE, (whole.getUint32(start + SEQUENCE) + at - headers) >>> 0);
    if (at + size < frame.length) out[start + FLAGS]! &= ~(FIN | PSH);
    // The pseudo header has the length of the segment.
    const other = (frame.length - start) ^ 0xffff;
    const length = new Uint8Array([
      other >> 8,
      other & 255,
      (out.length - start) >> 8,
      (out.length - start) & 255,
    ]);
    view.setUint16(start + CHECKSUM, sum(length, 0, 4, whole.getUint16(start + CHECKSUM)));
    setLength(view, start, frames.length);
    completeChecksum(out, start, CHECKSUM);
    frames.push(out);
  }
  return frames;
}

function setLength(view: DataView, start: number, number: number): void {
  if (view.getUint8(ETHERNET) >> 4 === 6)
    return view.setUint16(ETHERNET + 4, view.byteLength - ETHERNET - 40);
  view.setUint16(ETHERNET + 2, view.byteLength - ETHERNET);
  view.setUint16(ETHERNET + 4, (view.getUint16(ETHERNET + 4) + number) & 0xffff);
  view.setUint16(ETHERNET + 10, 0);
  view.setUint16(ETHERNET + 10, checksum(new Uint8Array(view.buffer, ETHERNET, start - ETHERNET)));
}
