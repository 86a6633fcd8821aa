/** Writes into a snapshot what its image is: `stdlib/core/identity.ts`. */
import type { Snapshot } from "../assemble/snapshot.ts";
import type { RuntimeFacts } from "../assemble/strip.ts";

/** The global that points to the record; it is there where anything asks for it. */
const RECORD = "stdlib/core/identity/record";
const NAME = 64;

/** The same snapshot where nothing asks. `digest`: 64 hexadecimal digits. */
export function identified(
  snapshot: Snapshot,
  { globals }: RuntimeFacts,
  name: string,
  digest: string,
): Snapshot {
  const index = globals.findIndex((global) => global.name === RECORD);
  if (index < 0) return snapshot;
  const at = Number(snapshot.globals[index]!.value);
  const record = new TextEncoder().encode(name.slice(0, NAME).padEnd(NAME) + digest);
  const segments = snapshot.segments.map((segment) => {
    const { offset, bytes } = segment;
    if (at < offset || at + record.length > offset + bytes.length) return segment;
    const patched = bytes.slice();
    patched.set(record, at - offset);
    return { offset, bytes: patched };
  });
  return { ...snapshot, segments };
}
