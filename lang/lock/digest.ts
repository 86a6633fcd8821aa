/** Settings → the hash by which a change of them is seen. */
import { compareText, mapOf } from "../values/compare.ts";
import { print } from "../values/print.ts";
import { hashOfFile, hashOfTree } from "../values/tree.ts";
import { list, type RecordValue, record, str, tagged, tuple, type Value } from "../values/value.ts";
import type { LockDigest } from "./lock.ts";

const FORM = "appl settings@1\n";

export function digestOfBytes(bytes: Uint8Array): LockDigest {
  return `sha256:${hashOfFile(bytes)}`;
}

/** Equal for settings that mean the same: places, the order of declarations and paths of files do not count; what is in files does. */
export function digestOfSettings(settings: RecordValue, without: ReadonlySet<Value>): LockDigest {
  return digestOfBytes(new TextEncoder().encode(FORM + print(plainRecord(settings, without))));
}

function plainRecord({ fields }: RecordValue, without: ReadonlySet<Value>): RecordValue {
  const sorted = [...fields]
    .filter(([, value]) => !without.has(value))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]): [string, Value] => [name, plainValue(value, without)]);
  return record(new Map(sorted));
}

/** With the hash of what `print` would show only a part of. */
function plainValue(value: Value, without: ReadonlySet<Value>): Value {
  const inner = (it: Value): Value => plainValue(it, without);
  switch (value.kind) {
    case "file":
    case "bytes":
      return str(digestOfBytes(value.bytes));
    case "dir":
      return str(`sha256:${hashOfTree(value.files)}`);
    case "list":
      return list(value.items.map(inner));
    case "tuple":
      return tuple(value.items.map(inner));
    case "map":
      return mapOf(
        [...value.entries.values()].map(({ key, value: of }) => ({ key, value: inner(of) })),
        "given",
      );
    case "tagged":
      return value.payload ? tagged(value.tag, inner(value.payload)) : value;
    case "record":
      return plainRecord(value, without);
    default:
      return value;
  }
}
