/** What a scripted client asks: `ping ns1`, `dig www.example.com MX @10.0.2.15 at 2s`. */
import {
  type AskOptions,
  askUdp,
  dnsQuestion,
  dnsTypes,
  type Host,
  MILLISECOND,
  ping,
  type Question,
  readDnsAnswer,
  SECOND,
  type Simulation,
  type Time,
} from "#simulate";
import { plural } from "../quantities.ts";
import { type Network, segmentOf } from "./network.ts";
import { timeOf } from "./options.ts";
import { Unclear } from "./unclear.ts";

export { Unclear };

export interface Ask {
  /** As it was written. */
  readonly text: string;
  readonly at: Time;
  readonly client: Host;
  /** What the answer says; undefined for one that says nothing. */
  read(answer: Uint8Array): string | undefined;
  /** Undefined until it was asked. */
  question: Question | undefined;
}

interface Asked {
  readonly words: readonly string[];
  readonly text: string;
  readonly network: Network;
}

/** The first is asked when everything is up, and each of the others a little later, if they do not say when. */
const FIRST = SECOND;
const APART = 100 * MILLISECOND;
/** As `dig` does, but quicker. */
const TRIES = 3;
const TIMEOUT = 2 * SECOND;
const DNS_PORT = 53;

export function asksOf(
  wanted: readonly { readonly text: string; readonly tries?: number }[],
  network: Network,
  simulation: Simulation,
): readonly Ask[] {
  return wanted.map(({ text, tries = TRIES }, index) => {
    const { words, at } = timed(text.trim().split(/\s+/), FIRST + index * APART);
    const [kind, ...rest] = words;
    const make = kind === undefined ? undefined : kinds[kind];
    if (make === undefined)
      throw new Unclear(
        `no client can ask \`${text}\``,
        "questions: `ping [WHOM]`, `dig NAME [TYPE] [@WHOM]`, each with `at TIME` behind it if it matters",
      );
    const { client, read, send } = make({ words: rest, text, network }, index);
    const ask: Ask = { text, at, client, read, question: undefined };
    const note = (what: string) =>
      simulation.tell({ kind: "note", time: simulation.now, text: `${client.name} ${what}` });
    const done = ({ answer, answeredAt, tries }: Question) => {
      const took = answeredAt === undefined ? "" : ` after ${milliseconds(answeredAt - at)} ms`;
      const said =
        answer === undefined ? `no answer after ${plural(tries, "try", "tries")}` : `answer${took}`;
      const content = answer && read(answer);
      note(`<- ${said}${content === undefined ? "" : `: ${content}`}`);
    };
    simulation.at(at, () => {
      note(`-> ${words.join(" ")}`);
      ask.question = send({ timeout: TIMEOUT, tries, done });
    });
    return ask;
  });
}

function timed(words: readonly string[], usual: Time): { words: readonly string[]; at: Time } {
  if (words.at(-2) !== "at") return { words, at: usual };
  const at = timeOf(words.at(-1)!);
  if (at === undefined) throw new Unclear(`\`at ${words.at(-1)}\` is no time`, "for example `at 2s`");
  return { words: words.slice(0, -2), at };
}

/** `40.25` */
const milliseconds = (time: Time): string => String(Math.round(time / 1000) / 1000);

type Kind = (
  asked: Asked,
  index: number,
) => Pick<Ask, "client" | "read"> & { send(how: AskOptions): Question };

const kinds: Readonly<Record<string, Kind>> = {
  ping(asked, index) {
    const { client, to } = reached(asked.words[0], asked);
    if (asked.words.length > 1) throw new Unclear(`\`${asked.text}\` pings one address`);
    const word = 0x0001_0000 + index;
    return { client, read: () => undefined, send: (how) => ping(client, to, { ...how, word }) };
  },

  dig(asked, index) {
    const server = asked.words.find((word) => word.startsWith("@"));
    const [name, type = "A", ...more] = asked.words.filter((word) => word !== server);
    const { client, to } = reached(server?.slice(1), asked);
    const id = index + 1;
    const question = name === undefined || more.length > 0 ? undefined : dnsQuestion(name, type, id);
    if (question === undefined)
      throw new Unclear(
        `\`${asked.text}\` is no question for a name server`,
        `for example dig www.example.com; types: ${Object.keys(dnsTypes).join(", ")}`,
      );
    const accept = (answer: Uint8Array) => readDnsAnswer(answer)?.id === id;
    return {
      client,
      read(answer) {
        const { rcode, truncated, records } = readDnsAnswer(answer)!;
        return [rcode === "NOERROR" ? [] : [rcode], records, truncated ? ["truncated"] : []]
          .flat()
          .join("; ");
      },
      send: (how) => askUdp(client, to, DNS_PORT, question, { ...how, accept }),
    };
  },
};

/** An address or an appliance's name; without either, the only appliance. */
function reached(
  name: string | undefined,
  { text, network }: Asked,
): { readonly client: Host; readonly to: string } {
  const { addresses } = network;
  const isAddress = name !== undefined && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
  const known = [...addresses].map(([appliance, address]) => `${appliance} (${address})`).join(", ");
  if (name === undefined && addresses.size !== 1)
    throw new Unclear(`\`${text}\` does not say whom`, `appliances: ${known}`);
  const to = isAddress ? name : name === undefined ? [...addresses.values()][0] : addresses.get(name);
  if (to === undefined)
    throw new Unclear(`\`${text}\`: there is no appliance \`${name}\``, `appliances: ${known}`);
  const client = segmentOf(network, to)?.client;
  if (client === undefined)
    throw new Unclear(`\`${text}\`: nobody in the simulation can reach ${to}`, `appliances: ${known}`);
  return { client, to };
}
