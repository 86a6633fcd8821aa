/** Every built-in function, by the name that it is called by. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bare, scalar } from "../../types/type.ts";
import { hex } from "../../values/print.ts";
import type { Value } from "../../values/value.ts";
import type { Builtin } from "./builtin.ts";
import { listBuiltins } from "./builtins-lists.ts";
import { machineBuiltins } from "./builtins-machine.ts";
import { networkBuiltins } from "./builtins-network.ts";
import { textBuiltins } from "./builtins-text.ts";
import { signalBuiltins } from "./signals.ts";

function bytesOf(value: Value): Uint8Array {
  if (value.kind === "str") return new TextEncoder().encode(value.value);
  if (value.kind === "bytes" || value.kind === "file") return value.bytes;
  throw new Error(`BUG: the bytes of a ${value.kind}`);
}

const hashBuiltins: Readonly<Record<string, Builtin>> = {
  "hash.sha256": {
    signature: "hash.sha256(Str | Bytes | File) -> Hash",
    docs: "The SHA-256 of the bytes; of a text, of its UTF-8.",
    params: [undefined],
    type: ([type]) => {
      const it = bare(type!);
      if (it.kind === "error") return it;
      return it.kind === "scalar" && ["Str", "Bytes", "File"].includes(it.name)
        ? scalar("Hash")
        : "wants a text, bytes or a file";
    },
    run: ([value], bench) => {
      const bytes = bytesOf(value!);
      bench.spend(1 + (bytes.length >> 4));
      return { kind: "hash", algorithm: "sha256", hex: hex(sha256(bytes)) };
    },
  },
};

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...listBuiltins,
    ...textBuiltins,
    ...networkBuiltins,
    ...hashBuiltins,
    ...machineBuiltins,
    ...signalBuiltins,
  }),
);

/** The words before the point: `ip`, `cidr`. */
export const builtinGroups: ReadonlySet<string> = new Set(
  [...builtins.keys()].filter((name) => name.includes(".")).map((name) => name.slice(0, name.indexOf("."))),
);
