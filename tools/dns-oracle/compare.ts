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
  /** Lengths of our reply and of NSD's full one. */
  readonly size: number;
  readonly fullSize: number;
  /** NSD again, for looking up single records. */
  readonly nsd: Ask;
}

/** A difference that is wanted: where it may be, and why. Each is as narrow as it can be. */
export interface Tolerance {
  readonly name: string;
  readonly reason: string;
  readonly applies: (answers: Answers) => boolean;
}

const [TC, RD] = [0x0200, 0x0100];
/** NS, MB, MX, RT, SRV, KX: records that come with the addresses of the hosts they name. */
const WITH_ADDRESSES = new Set([2, 7, 15, 21, 33, 36]);
const ECHOED = 0x07f0; // AA TC RD RA Z AD CD
const opcodeOf = (question: Question): number => ((question.bytes[2] ?? 0) >> 3) & 15;

export const TOLERANCES: readonly Tolerance[] = [
  {
    name: "notify",
    reason:
      "NOTIFY tells a secondary of a new serial: this server has no secondary zones, so it is NOTIMP; NSD knows the opcode and refuses",
    applies: ({ question, ours, minimal }) =>
      opcodeOf(question) === 4 && ours?.rcode === 4 && minimal !== null,
  },
  {
    name: "echoed bits",
    reason:
      "NSD leaves AA, TC, RA, Z and CD of the question in its NOTIMP and BADVERS replies; here they are zero, as RFC 1035 4.1.1 says of replies",
    applies: ({ ours, minimal }) =>
      [4, 16].includes(ours?.rcode ?? 0) &&
      same(ours, minimal, ~ECHOED | RD) &&
      ((ours?.flags ?? 0) & (ECHOED & ~RD)) === 0,
  },
  {
    name: "RD of FORMERR",
    reason: "RD is copied into every reply here; NSD clears it when the question count is wrong",
    applies: ({ ours, minimal }) => ours?.rcode === 1 && same(ours, minimal, ~RD),
  },
  {
    name: "glue that does not fit",
    reason:
      "RFC 9471 3.1: a referral without all glue below its own cut has TC; NSD 4.6 sets it only if there is no IPv4 glue at all",
    applies: ({ ours, minimal }) =>
      ours !== null &&
      (ours.flags & TC) !== 0 &&
      ours.answer.length === 0 &&
      ours.authority.some((e) => e.type === 2) &&
      same(ours, minimal, ~TC),
  },
  {
    name: "room for long names",
    reason:
      "NSD writes the names that a DNAME makes without compression, so its reply to a very long question is cut (TC) before ours is",
    applies: ({ ours, minimal }) =>
      ours !== null &&
      minimal !== null &&
      (minimal.flags & TC) !== 0 &&
      minimal.answer.some((e) => e.type === 39) &&
      includes(ours, minimal),
  },
  {
    name: "no question",
    reason: "a message without question is FORMERR here; NSD 4.6 gives NOERROR if it has an OPT record",
    applies: ({ question, ours }) => question.bytes[5] === 0 && ours?.rcode === 1,
  },
  {
    name: "transfer",
    reason:
      "this server makes no zone transfers and refuses IXFR of any name; NSD says NOTAUTH for a name that is no zone",
    applies: ({ ours, minimal }) =>
      ours?.rcode === 5 && minimal?.rcode === 9 && /^\S+ 251 /.test(ours.question[0] ?? ""),
  },
];

/** Whether our answer section has all that NSD's has. */
function includes(ours: Message, nsd: Message): boolean {
  const mine = new Set(inOrder(ours.answer));
  return inOrder(nsd.answer).every((line) => mine.has(line));
}

/** Undefined if the replies agree, the name of a tolerance, or a text with the difference. */
export async function compare(
  answers: Answers,
): Promise<{ tolerated?: string; difference?: string } | undefined> {
  const { ours, minimal } = answers;
  const difference = (await additionalDifference(answers)) ?? headDifference(ours, minimal, 0xffff);
  if (difference === undefined) return undefined;
  const tolerated = TOLERANCES.find((tolerance) => tolerance.applies(answers))?.name;
  return tolerated === undefined ? { difference } : { tolerated };
}

function same(ours: Message | null, nsd: Message | null, mask: number): boolean {
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
export function sizeDifference(question: Uint8Array, reply: Uint8Array, most = 1232): string | undefined {
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
