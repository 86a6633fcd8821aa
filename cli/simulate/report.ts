/** What a simulation has shown, as data and for people. */
import * as z from "zod";
import { type Direction, type Event, SECOND, type Simulation, type Trace } from "#simulate";
import { plural } from "../quantities.ts";
import type { Ask } from "./asks.ts";
import type { Line, Network } from "./network.ts";

const time = z.number().describe("Seconds of virtual time");

export const reported = z.object({
  seed: z.number(),
  duration: time,
  events: z.number().describe("Things that have happened"),
  fingerprint: z.string().describe("Of everything that has happened: equal if two runs are equal"),
  consoles: z.array(z.object({ appliance: z.string(), time, text: z.string() })),
  asks: z.array(
    z.object({
      ask: z.string(),
      from: z.string().describe("Address of who asked"),
      at: time,
      answered: z.boolean(),
      after: time.optional().describe("How long the answer took, with all questions that were lost"),
      tries: z.number(),
      answers: z.number().describe("Answers that came, the same again included"),
      answer: z.string().optional(),
    }),
  ),
  cables: z.array(
    z.object({
      device: z.string(),
      direction: z.enum(["out", "in"]),
      sent: z.number(),
      delivered: z.number(),
      bytes: z.number().describe("Of the frames that were delivered"),
      duplicated: z.number(),
      corrupted: z.number(),
      late: z.number(),
      lost: z.record(z.string(), z.number()).describe("By reason"),
    }),
  ),
});
export type Reported = z.output<typeof reported>;

export interface Ran {
  readonly simulation: Simulation;
  readonly network: Network;
  readonly asks: readonly Ask[];
  readonly trace: Trace;
}

export function report({ simulation, network, asks, trace }: Ran): Reported {
  return {
    seed: simulation.seed,
    duration: simulation.now / SECOND,
    events: simulation.happened,
    fingerprint: trace.fingerprint,
    consoles: network.machines.flatMap(({ name, console }) =>
      console.map((line) => ({ appliance: name, time: line.time / SECOND, text: line.text })),
    ),
    asks: asks.map(askRow),
    cables: network.lines.flatMap((line) => [
      cableRow(line, "out", line.cable.there),
      cableRow(line, "in", line.cable.back),
    ]),
  };
}

function askRow({ text, client, to, at, question, read }: Ask): Reported["asks"][number] {
  const { answer, answeredAt } = question ?? {};
  const said = answer && read(answer)?.line;
  return {
    ask: text,
    from: to === undefined ? client.address : client.from(to),
    at: at / SECOND,
    answered: answer !== undefined,
    ...(answeredAt !== undefined && { after: (answeredAt - at) / SECOND }),
    tries: question?.tries ?? 0,
    answers: question?.answers ?? 0,
    ...(said !== undefined && { answer: said }),
  };
}

const cableRow = (
  { name }: Line,
  direction: "in" | "out",
  { sent, delivered, bytes, duplicated, corrupted, late, lost }: Direction,
): Reported["cables"][number] => ({
  device: name,
  direction,
  sent,
  delivered,
  bytes,
  duplicated,
  corrupted,
  late,
  lost: Object.fromEntries(lost),
});

/** What is kept of all that happens. */
export const keeps =
  (frames: boolean) =>
  (event: Event): boolean =>
    frames
      ? !("port" in event && event.port.isTransparent)
      : event.kind === "console" || event.kind === "note";

/** What has happened, one line each, and the counts. */
export function textOf(trace: Trace, row: Reported): string {
  const { asks, cables } = row;
  const answered = asks.filter((ask) => ask.answered).length;
  const summary = [
    `${row.duration} s simulated, seed ${row.seed}: ${plural(row.events, "event")}, fingerprint ${row.fingerprint}`,
    ...cables.map(cableLine),
    ...(asks.length > 0 ? [`${answered} of ${plural(asks.length, "question")} answered`] : []),
  ];
  return `${[...trace.lines(), "", ...summary].join("\n")}\n`;
}

function cableLine({
  device,
  direction,
  sent,
  delivered,
  lost,
  ...counts
}: Reported["cables"][number]): string {
  const { duplicated, corrupted, late } = counts;
  const marked = Object.entries({ "came twice": duplicated, garbled: corrupted, late });
  const gone = Object.entries(lost).map(([why, count]) => `${count} lost (${why})`);
  const more = [...gone, ...marked.flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))];
  return [`${device} ${direction}: ${plural(sent, "frame")}, ${delivered} delivered`, ...more].join(", ");
}
