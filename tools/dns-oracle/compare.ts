import { type Entry, inOrder, type Message, readMessage } from "./message.ts";
import { message } from "./query.ts";
import type { Question } from "./questions.ts";
import type { Ask } from "./udp.ts";
import { wireName } from "./zones.ts";

/** The same question asked of the server under test and of NSD twice: as it is by default, and with `minimal-responses`. */
export interface Answers {
  readonly question: Question;
  readonly ours: Message | null;
  readonly minimal: Message | null;
  readonly full: Message | null;
  /** Length of NSD's full reply. */
  readonly fullSize: number;
  /** NSD again, for looking up single records. */
  readonly nsd: Ask;
}

/** NS, MB, MX, RT, SRV, KX: records that come with the addresses of the hosts they name. */
const WITH_ADDRESSES = new Set([2, 7, 15, 21, 33, 36]);

/** Undefined if the replies agree, else a text with the difference. */
export async function compare(answers: Answers): Promise<string | undefined> {
  return (await additionalDifference(answers)) ?? headDifference(answers.ours, answers.minimal, 0xffff);
}

/** Whether two replies agree but for bits of the header that are not in `mask`. */
export function same(ours: Message | null, nsd: Message | null, mask: number): boolean {
  return headDifference(ours, nsd, mask) === undefined && additionalOf(ours) === additionalOf(nsd);
}

const additionalOf = (m: Message | null): string => inOrder(m?.additional ?? []).join("\n");

/** Everything but the additional section. */
function headDifference(ours: Message | null, nsd: Message | null, mask: number): string | undefined {
  if (ours === null || nsd === null)
    return ours === nsd
      ? undefined
      : `${ours ? "a reply" : "silence"}, nsd: ${nsd ? `a reply ${rcodes(nsd)}` : "silence"}`;
  const [flags, nsdFlags] = [ours.flags & mask, nsd.flags & mask];
  if (flags !== nsdFlags || ours.rcode !== nsd.rcode)
    return `flags ${hex(ours.flags)} rcode ${ours.rcode}, nsd: ${rcodes(nsd)}`;
  if (ours.id !== nsd.id) return "the id";
  const opt = (m: Message): string => JSON.stringify(m.opt ?? null);
  if (opt(ours) !== opt(nsd)) return `OPT ${opt(ours)}, nsd: ${opt(nsd)}`;
  for (const section of ["answer", "authority"] as const) {
    const [mine, theirs] = [inOrder(ours[section]), inOrder(nsd[section])];
    if (mine.join("\n") !== theirs.join("\n"))
      return `${section}:\n  ${mine.join("\n  ")}\nnsd:\n  ${theirs.join("\n  ")}`;
  }
  if (ours.question.join() !== nsd.question.join()) return `question ${ours.question}, nsd: ${nsd.question}`;
  return undefined;
}

const rcodes = (m: Message): string => `flags ${hex(m.flags)} rcode ${m.rcode}`;
const hex = (value: number): string => value.toString(16).padStart(4, "0");

/**
 * Our additional section has what NSD's minimal reply has (glue), and of its full reply the addresses of hosts that the answer
 * names. What NSD had no room for, because it adds the servers of the zone, is looked up by itself.
 */
async function additionalDifference(answers: Answers): Promise<string | undefined> {
  const { ours, minimal, full } = answers;
  if (ours === null || minimal === null || full === null) return undefined;
  const pointing = ours.answer.filter((e) => WITH_ADDRESSES.has(e.type));
  const named = new Set(pointing.flatMap((e) => [...e.value.matchAll(/<([^>]*)>/g)].map((m) => m[1]!)));
  const wanted = new Set(
    inOrder([...minimal.additional, ...full.additional.filter((e) => named.has(e.name))]),
  );
  const mine = new Map(ours.additional.map((e) => [inOrder([e])[0]!, e]));
  if (mine.size !== ours.additional.length) return "an additional record twice";
  for (const entry of wanted) if (!mine.has(entry)) return `additional without ${entry}`;
  for (const [line, entry] of mine) {
    if (wanted.has(line)) continue;
    if (answers.fullSize < 400) return `additional with ${line}`;
    if (!named.has(entry.name) || !(await isThere(answers.nsd, entry))) return `additional with ${line}`;
  }
  return undefined;
}

async function isThere(nsd: Ask, entry: Entry): Promise<boolean> {
  const reply = await nsd(message(wireName(entry.name), entry.type, { edns: { size: 4096 } }));
  return reply !== null && inOrder(readMessage(reply).answer).includes(inOrder([entry])[0]!);
}

/** What is the same for every server: nothing larger than was allowed, and no error larger than its question. */
export function sizeDifference(question: Uint8Array, reply: Uint8Array, most: number): string | undefined {
  const code = reply[3]! & 15;
  const isError = code === 1 || code === 4 || code === 5;
  if (isError && reply.length > Math.max(question.length, 12))
    return `an error of ${reply.length} bytes for ${question.length}`;
  return reply.length > most ? `${reply.length} bytes` : undefined;
}

/** Whether the question comes back as it was, in its case (0x20) too. */
export function questionDifference(question: Uint8Array, reply: Uint8Array): string | undefined {
  if (reply[5] === 0) return undefined;
  let end = 12;
  while (question[end] !== 0) end += question[end]! + 1;
  const isSame = Buffer.from(question.subarray(12, end + 5)).equals(Buffer.from(reply.subarray(12, end + 5)));
  return isSame ? undefined : "the question has changed";
}
