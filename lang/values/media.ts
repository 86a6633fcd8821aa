/** Media types by the names of files. */
import { lookup } from "mrmime";

/** What has no ending that is known is bytes of any kind. */
export function mediaTypeOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return (dot > 0 && lookup(name.slice(dot + 1))) || "application/octet-stream";
}
