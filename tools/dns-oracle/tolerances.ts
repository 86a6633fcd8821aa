/**
 * Where the right answer is not NSD's: the one table of differences that are wanted, for every way to ask (V8, the host target,
 * a booted image). A row that no question needs fails the tests.
 */
import { type Answers, same } from "./compare.ts";
import { inOrder, type Message } from "./message.ts";
import type { Question } from "./questions.ts";

/** A difference that is wanted: where it may be, and why. Each is as narrow as it can be. */
export interface Tolerance {
  readonly name: string;
  /** The section that the answer here follows. */
  readonly rfc: string;
  readonly reason: string;
  readonly applies: (answers: Answers) => boolean;
}

const [TC, RD] = [0x0200, 0x0100];
const ECHOED = 0x07f0; // AA TC RD RA Z AD CD
const opcodeOf = (question: Question): number => ((question.bytes[2] ?? 0) >> 3) & 15;

export const TOLERANCES: readonly Tolerance[] = [
  {
    name: "notify",
    rfc: "RFC 1035 4.1.1, RCODE 4",
    reason:
      "NOTIFY tells a secondary of a new serial: this server has no secondary zones, so it is NOTIMP; NSD knows the opcode and refuses",
    applies: ({ question, ours, minimal }) =>
      opcodeOf(question) === 4 && ours?.rcode === 4 && minimal !== null,
  },
  {
    name: "echoed bits",
    rfc: "RFC 1035 4.1.1",
    reason:
      "NSD leaves AA, TC, RA, Z and CD of the question in its NOTIMP and BADVERS replies; they mean nothing in these replies, and here they are zero",
    applies: ({ ours, minimal }) =>
      [4, 16].includes(ours?.rcode ?? 0) &&
      same(ours, minimal, ~ECHOED | RD) &&
      ((ours?.flags ?? 0) & (ECHOED & ~RD)) === 0,
  },
  {
    name: "RD of FORMERR",
    rfc: "RFC 1035 4.1.1, RD",
    reason: "RD is copied into every reply here; NSD clears it when the question count is wrong",
    applies: ({ ours, minimal }) => ours?.rcode === 1 && same(ours, minimal, ~RD),
  },
  {
    name: "glue that does not fit",
    rfc: "RFC 9471 3.1",
    reason:
      "a referral without all glue below its own cut has TC; NSD 4.6 sets it only if there is no IPv4 glue at all",
    applies: ({ ours, minimal }) =>
      ours !== null &&
      (ours.flags & TC) !== 0 &&
      ours.answer.length === 0 &&
      ours.authority.some((e) => e.type === 2) &&
      same(ours, minimal, ~TC),
  },
  {
    name: "room for long names",
    rfc: "RFC 2181 9",
    reason:
      "NSD writes the names that a DNAME makes without compression, so its reply to a very long question is cut (TC) before ours is; TC is only for what does not fit",
    applies: ({ ours, minimal }) =>
      ours !== null &&
      minimal !== null &&
      (minimal.flags & TC) !== 0 &&
      minimal.answer.some((e) => e.type === 39) &&
      includes(ours, minimal),
  },
  {
    name: "no question",
    rfc: "RFC 1035 4.1.1, RCODE 1",
    reason:
      "a message without question is FORMERR here; NSD 4.6 gives NOERROR if it has an OPT record (a question about cookies, RFC 7873 5.4, which neither knows)",
    applies: ({ question, ours }) => question.bytes[5] === 0 && ours?.rcode === 1,
  },
  {
    name: "transfer",
    rfc: "RFC 1035 4.1.1, RCODE 5",
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

/** The tolerance that these answers fall under. */
export function tolerance(answers: Answers): string | undefined {
  return TOLERANCES.find(({ applies }) => applies(answers))?.name;
}
