/** An appliance with a mistake. */
import { buildSubject, inMemory, noSubject, type Subject } from "../cli/session.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import type { Finished } from "../compiler/index.ts";

/** A library whose module asks for a byte that is not there. */
const library: Readonly<Record<string, string>> = {
  "stdlib/slip/slip.appl": `appl 1
library std/slip
module slip { code as "./index.ts" { hooks = [poll, deadline] } }
`,
  "stdlib/slip/index.ts": `import { Bytes } from "../core/bytes";
const bytes = new Bytes(new StaticArray<u8>(16), 0, 16);
let turns: u32 = 0;
export let sum: u32 = 0;
export function poll(now: u64): void {
  turns++;
  sum += bytes.u8(turns * 5);
}
export function deadline(): u64 {
  return 0;
}
`,
};

/** A function that calls itself until there is no stack left. */
const deep: Readonly<Record<string, string>> = {
  ...library,
  "stdlib/slip/index.ts": `export let sum: u32 = 0;
function down(n: u32): u32 {
  return n == 0 ? 0 : n ^ down(n - 1);
}
export function poll(now: u64): void {
  sum += down(0x1000_0000 + sum);
}
export function deadline(): u64 {
  return 0;
}
`,
};

/** `board`: a library and its value, if the target has another than the usual one. */
export async function builtSlip(
  target: string,
  simulated = false,
  board?: string,
  mistake: "outside" | "deep" = "outside",
): Promise<Finished> {
  const own = mistake === "deep" ? deep : library;
  const [uses, targets] =
    board === undefined
      ? ["", ""]
      : [`use std/board/${board.split(".")[0]}\n`, `target ${target} { board = ${board} }\n`];
  const { libraries } = noSubject();
  const subject: Subject = {
    ...noSubject(),
    reference: { file: "slip.appl" },
    path: "slip.appl",
    target,
    files: inMemory({ "slip.appl": `appl 1\nuse std/slip\n${uses}appliance slip { slip { } }\n${targets}` }),
    libraries: {
      read: (path) => (path in own ? new TextEncoder().encode(own[path]) : libraries.read(path)),
      list: (path) => libraries.list(path),
    },
  };
  const { built: image, diagnostics } = await buildSubject(subject, recordingTerminal(), { simulated });
  if (image === undefined) throw new Error(JSON.stringify(diagnostics));
  return image;
}
