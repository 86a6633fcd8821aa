/** Requests of a block device and their buffers. */
import { MOST_BYTES, MOST_REQUESTS } from "../../../stdlib/block/device";
import { Request } from "../../../stdlib/block/request";
import { Bytes } from "../../../stdlib/core/bytes";
import { aligned, PAGE } from "./pages";

/** In `prepare`: so many, each with a buffer of so many bytes in pages of its own. */
export function newRequests(count: u32, bytes: u32): StaticArray<Request> {
  assert(count > 0 && count <= MOST_REQUESTS && bytes > 0 && bytes <= MOST_BYTES && bytes % PAGE == 0);
  const buffers = aligned(count * bytes);
  const requests = new StaticArray<Request>(<i32>count);
  for (let n: u32 = 0; n < count; n++) {
    const buffer = new Bytes(new StaticArray<u8>(0), 0, 0);
    buffer.window(buffers, n * bytes, bytes);
    const request = new Request(buffer);
    request.index = n;
    requests[<i32>n] = request;
  }
  return requests;
}
