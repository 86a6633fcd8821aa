/** Runs an image as a process of this machine; the console is this terminal. */
import { writeFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Built } from "#compiler";
import { inputError } from "../exit.ts";
import type { Publication } from "../publish.ts";
import type { Terminal } from "../terminal.ts";
import { linesOf, TrapReader } from "./console.ts";
import type { GivenLines } from "./given.ts";
import { guestOf, reachedOn, withImage } from "./image.ts";
import { type IsolatedImage, startIsolated } from "./isolated.ts";
import { placeOf, requireProtocols } from "./ports.ts";

export interface ProcessRun {
  readonly isolate: IsolatedImage["isolate"];
  readonly publish: readonly Publication[];
  readonly given?: GivenLines;
  readonly terminal: Terminal;
  /** Standard output is for the result: the console goes to the other side. */
  readonly quietOutput: boolean;
}

/** Returns when the process has ended, however that came. */
export async function runProcess({ image, report }: Built, run: ProcessRun): Promise<void> {
  requireProtocols(run.publish, report);
  const guest = guestOf(report, run.given);
  const stray = run.publish.find(() => guest === undefined);
  if (stray !== undefined)
    throw inputError(
      `--publish ${placeOf(stray)} cannot be led into a network namespace`,
      "the appliance has no `net` block",
    );
  await withImage(image, report, async (path) => {
    const { terminal } = run;
    const lines = await linesOf(report);
    if (run.given !== undefined) writeFileSync(`${path}.slots`, run.given, { mode: 0o600 });
    const slots = run.given === undefined ? [] : ["--slots", `${path}.slots`];
    const running = await startIsolated({ ...run, image: path, guest, args: slots });
    terminal.error(reachedOn(report, run.publish));
    const read = [
      readBy(running.output, new TrapReader(lines, run.quietOutput ? terminal.error : terminal.out)),
      readBy(running.errors, new TrapReader(lines, terminal.error)),
    ];
    process.on("SIGINT", running.stop);
    process.on("SIGTERM", running.stop);
    try {
      const { code, signal } = await running.ended;
      await Promise.all(read);
      if (code !== 0)
        throw inputError(`${report.appliance} ended with ${signal ?? code}`, "what it said stands above");
    } finally {
      process.off("SIGINT", running.stop);
      process.off("SIGTERM", running.stop);
    }
  });
}

/** Until there is no more. */
function readBy(stream: Readable, reader: TrapReader): Promise<void> {
  stream.on("data", (bytes: Buffer) => reader.read(bytes));
  return finished(stream);
}
