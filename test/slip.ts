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

/** `board`: a library and its value, if the target has another than the usual one. */
export async function builtSlip(target: string, simulated = false, board?: string): Promise<Finished> {
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
      read: (path) => (path in library ? new TextEncoder().encode(library[path]) : libraries.read(path)),
      list: (path) => libraries.list(path),
    },
  };
  const { built: image, diagnostics } = await buildSubject(subject, recordingTerminal(), { simulated });
  if (image === undefined) throw new Error(JSON.stringify(diagnostics));
  return image;
}
