/** When a scripted client asks, and what comes of it: `ping ns1`, `dig www.example.com MX @10.0.2.15 at 2s`, `curl -6 /`. */
import {
  type Host,
  MILLISECOND,
  type Question,
  SECOND,
  type Simulation,
  TcpClient,
  type Time,
} from "#simulate";
import { plural } from "../quantities.ts";
import { families, kinds, type Said } from "./kinds.ts";
import type { Network } from "./network.ts";
import { timeOf } from "./options.ts";
import { Unclear } from "./unclear.ts";
import { reached } from "./whom.ts";

export { Unclear };

export interface Ask {
  /** As it was written. */
  readonly text: string;
  readonly at: Time;
  readonly client: Host;
  /** Where it went to; undefined until it was asked. */
  to: string | undefined;
  /** What the answer says; undefined for one that says nothing. */
  read(answer: Uint8Array): Said | undefined;
  /** Undefined until it was asked. */
  question: Question | undefined;
}

/** The first is asked when everything is up, and each of the others a little later, if they do not say when. */
const FIRST = SECOND;
const APART = 100 * MILLISECOND;
/** As `dig` does, but quicker. */
const TRIES = 3;
const TIMEOUT = 2 * SECOND;
/** How often it is looked whether a machine has an address by now. */
const LOOK = 100 * MILLISECOND;

export function asksOf(
  wanted: readonly { readonly text: string; readonly tries?: number }[],
  network: Network,
  simulation: Simulation,
): readonly Ask[] {
  const clients = new Map<Host, TcpClient>();
  const tcpOf = (host: Host): TcpClient => {
    const client = clients.get(host) ?? new TcpClient(host);
    clients.set(host, client);
    return client;
  };
  const isAppliance = (name: string | undefined) =>
    network.places.some(({ appliance }) => appliance === name);
  return wanted.map(({ text, tries = TRIES }, index) => {
    const { words, at } = timed(text.trim().split(/\s+/), FIRST + index * APART);
    const [kind, ...rest] = words;
    const make = kind === undefined ? undefined : kinds[kind];
    if (make === undefined)
      throw new Unclear(
        `no client can ask \`${text}\``,
        "questions: `ping [WHOM]`, `dig NAME [TYPE] [@WHOM]`, `curl URL [@WHOM]`, each with `at TIME` behind it if it matters",
      );
    const flag = rest.find((word) => families[word] !== undefined);
    const own = rest.filter((word) => word !== flag);
    const { whom, host, read, send } = make({ text, words: own, index });
    const { client, find } = reached(
      network,
      text,
      whom ?? (isAppliance(host) ? host : undefined),
      flag === undefined ? undefined : families[flag],
    );
    const ask: Ask = { text, at, client, read, to: undefined, question: undefined };
    const note = (what: string) =>
      simulation.tell({ kind: "note", time: simulation.now, text: `${client.name} ${what}` });
    const done = ({ answer, answeredAt, tries }: Question) => {
      const took = answeredAt === undefined ? "" : ` after ${milliseconds(answeredAt - at)} ms`;
      const said =
        answer === undefined ? `no answer after ${plural(tries, "try", "tries")}` : `answer${took}`;
      const content = answer && read(answer)?.line;
      note(`<- ${said}${content === undefined ? "" : `: ${content}`}`);
    };
    const go = () => {
      ask.to = find();
      if (ask.to === undefined) simulation.after(LOOK, go);
      else ask.question = send({ client, tcp: tcpOf(client), to: ask.to }, { timeout: TIMEOUT, tries, done });
    };
    simulation.at(at, () => {
      note(`-> ${words.join(" ")}`);
      go();
    });
    return ask;
  });
}

/** Words without `at TIME` behind them, and that time. */
export function timed(words: readonly string[], usual: Time): { words: readonly string[]; at: Time } {
  if (words.at(-2) !== "at") return { words, at: usual };
  const at = timeOf(words.at(-1)!);
  if (at === undefined) throw new Unclear(`\`at ${words.at(-1)}\` is no time`, "for example `at 2s`");
  return { words: words.slice(0, -2), at };
}

/** `40.25` */
const milliseconds = (time: Time): string => String(Math.round(time / 1000) / 1000);
