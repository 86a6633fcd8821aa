/**
 * NSD as an oracle: every generated question is put to the server under test and to NSD with the same zones, and the replies are
 * compared section by section as sets. Whoever has a way to ask (V8, the host target, a booted image) can be held to it.
 */
import { type Answers, compare, questionDifference, sizeDifference } from "./compare.ts";
import { readMessage } from "./message.ts";
import { type NsdOptions, type OracleZone, startNsd } from "./nsd.ts";
import { type Question, questions } from "./questions.ts";
import { TOLERANCES, tolerance } from "./tolerances.ts";
import type { Ask } from "./udp.ts";
import { oracleZones } from "./zones.ts";

export { copyOver, type RecordText, recordsOf } from "./copy.ts";
export { inOrder, readMessage } from "./message.ts";
export { type OracleZone, startNsd } from "./nsd.ts";
export { type DnsInstance, type DnsOptions, dnsInstance, type Said } from "./program.ts";
export { type Edns, message } from "./query.ts";
export { chance, type Question, questions } from "./questions.ts";
export { framed, type ScriptedStream, unframed } from "./stream.ts";
export { tcpAsker } from "./tcp.ts";
export { macOf, readTsig, signed, type TestKey } from "./tsig.ts";
export { type Ask, udpAsker } from "./udp.ts";
export { oracleZones, wireName, zoneFile } from "./zones.ts";

export interface OracleOptions {
  readonly zones?: readonly OracleZone[];
  readonly questions?: readonly Question[];
  readonly identity?: string;
  readonly version?: string;
  /** All are asked over TCP, where answers may be as long as a message can be. */
  readonly overTcp?: boolean;
  /** How many questions are under way at once. */
  readonly width?: number;
}

export interface OracleResult {
  readonly asked: number;
  /** How often each difference was met that is wanted (`TOLERANCES`). */
  readonly tolerated: Readonly<Record<string, number>>;
  /** Every other difference, with the question. */
  readonly differences: readonly string[];
}

/** Puts all questions to `ask` and to NSD. The server under test serves `zones` with the same identity and version. */
export async function compareWithNsd(ask: Ask, options: OracleOptions = {}): Promise<OracleResult> {
  const zones = options.zones ?? oracleZones();
  const list = options.questions ?? questions(zones);
  const about: Omit<NsdOptions, "minimal"> = {
    ...(options.identity !== undefined && { identity: options.identity }),
    ...(options.version !== undefined && { version: options.version }),
    overTcp: options.overTcp === true,
  };
  const minimal = await startNsd(zones, { ...about, minimal: true });
  const full = await startNsd(zones, { ...about, minimal: false });
  try {
    const tolerated: Record<string, number> = Object.fromEntries(TOLERANCES.map(({ name }) => [name, 0]));
    const differences: string[] = [];
    const check = async (question: Question): Promise<void> => {
      const replies = await askAll(question, [ask, minimal.ask, full.ask]);
      const result = await checkOne(question, replies, full.ask, options.overTcp ? 65_535 : 1232);
      if (result?.tolerated !== undefined) tolerated[result.tolerated]!++;
      if (result?.difference !== undefined) differences.push(`${question.title}\n${result.difference}`);
    };
    await inParallel(
      list.filter((q) => !q.slow),
      options.width ?? 32,
      check,
    );
    await inParallel(
      list.filter((q) => q.slow),
      4,
      check,
    );
    return { asked: list.length, tolerated, differences };
  } finally {
    await Promise.all([minimal.stop(), full.stop()]);
  }
}

type Reply = Uint8Array | null;

/** Who alone is silent is asked again: a datagram may get lost, and that is no difference. */
async function askAll(question: Question, servers: readonly Ask[]): Promise<Reply[]> {
  const replies = await Promise.all(servers.map((server) => server(question.bytes)));
  for (let again = 0; again < 3 && replies.some((reply) => reply !== null); again++) {
    for (const [n, server] of servers.entries()) replies[n] ??= await server(question.bytes);
  }
  return replies;
}

async function checkOne(
  question: Question,
  [ours = null, small = null, large = null]: readonly Reply[],
  nsd: Ask,
  most: number,
): Promise<{ tolerated?: string; difference?: string } | undefined> {
  if (ours !== null) {
    const difference = sizeDifference(question.bytes, ours, most) ?? questionDifference(question.bytes, ours);
    if (difference !== undefined) return { difference };
  }
  const read = (reply: Reply) => (reply === null ? null : readMessage(reply));
  try {
    const messages = { ours: read(ours), minimal: read(small), full: read(large) };
    const answers: Answers = { question, ...messages, fullSize: large?.length ?? 0, nsd };
    const difference = await compare(answers);
    if (difference === undefined) return undefined;
    const tolerated = tolerance(answers);
    return tolerated === undefined ? { difference } : { tolerated };
  } catch (error) {
    return { difference: `a reply cannot be read: ${error}` };
  }
}

async function inParallel<T>(
  list: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) await work(list[next++]!);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
