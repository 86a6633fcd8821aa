/** What a scripted client can ask: `ping`, `dig` and `curl`, as far as one knows them. */
import {
  type AskOptions,
  askTcp,
  askUdp,
  dnsQuestion,
  dnsTypes,
  type Host,
  ping,
  type Question,
  readDnsAnswer,
  SECOND,
  type TcpClient,
} from "#simulate";
import { httpRequest, isWholeResponse, readResponse } from "./http.ts";
import { Unclear } from "./unclear.ts";
import type { Family } from "./whom.ts";

export interface Asking {
  /** The question as it was written. */
  readonly text: string;
  /** Without the kind, and without what all kinds have. */
  readonly words: readonly string[];
  /** Of all questions that are asked. */
  readonly index: number;
}

/** What an answer says: all of it, and one line. */
export interface Said {
  readonly whole: string;
  readonly line: string;
}

export interface Kind {
  /** An address or an appliance's name, if it is said. */
  readonly whom: string | undefined;
  /** Whom the question names in another way: it is asked if it is an appliance's name. */
  readonly host?: string;
  read(answer: Uint8Array): Said | undefined;
  send(ends: Ends, how: AskOptions): Question;
}

/** Who asks, and whom. */
export interface Ends {
  readonly client: Host;
  readonly tcp: TcpClient;
  readonly to: string;
}

/** `-4`, `-6`: over this family. */
export const families: Readonly<Record<string, Family>> = { "-4": 4, "-6": 6 };

const DNS_PORT = 53;
/** A connection is given up when nothing has come for so long. */
const TCP_TIMEOUT = 10 * SECOND;

export const kinds: Readonly<Record<string, (asking: Asking) => Kind>> = {
  ping({ text, words, index }) {
    if (words.length > 1) throw new Unclear(`\`${text}\` pings one address`);
    const word = 0x0001_0000 + index;
    return {
      whom: words[0],
      read: () => undefined,
      send: ({ client, to }, how) => ping(client, to, { ...how, word }),
    };
  },

  dig({ text, words, index }) {
    const server = words.find((word) => word.startsWith("@"));
    const overTcp = words.includes("+tcp");
    const [name, type = "A", ...more] = words.filter((word) => word !== server && word !== "+tcp");
    const id = index + 1;
    const question = name === undefined || more.length > 0 ? undefined : dnsQuestion(name, type, id);
    if (question === undefined)
      throw new Unclear(
        `\`${text}\` is no question for a name server`,
        `for example dig www.example.com; types: ${Object.keys(dnsTypes).join(", ")}`,
      );
    // RFC 1035 4.2.2: over TCP its length stands before a message.
    const framed = Uint8Array.of(question.length >> 8, question.length & 255, ...question);
    const message = (answer: Uint8Array) => (overTcp ? answer.subarray(2) : answer);
    const isWhole = (bytes: Uint8Array) =>
      bytes.length >= 2 && bytes.length >= 2 + bytes[0]! * 256 + bytes[1]!;
    const accept = (answer: Uint8Array) => readDnsAnswer(message(answer))?.id === id;
    return {
      whom: server?.slice(1),
      read(answer) {
        const { rcode, truncated, records } = readDnsAnswer(message(answer))!;
        const line = [rcode === "NOERROR" ? [] : [rcode], records, truncated ? ["truncated"] : []]
          .flat()
          .join("; ");
        return { whole: line, line };
      },
      send: ({ client, tcp, to }, how) =>
        overTcp
          ? askTcp(tcp, to, DNS_PORT, framed, { ...how, timeout: TCP_TIMEOUT, accept, isWhole })
          : askUdp(client, to, DNS_PORT, question, { ...how, accept }),
    };
  },

  curl({ text, words }) {
    const request = httpRequest(text, words);
    return {
      whom: request.whom,
      host: request.host,
      read: readResponse,
      send: ({ tcp, to }, how) =>
        askTcp(tcp, to, request.port, request.bytes(to), {
          ...how,
          timeout: TCP_TIMEOUT,
          accept: (answer) => isWholeResponse(answer, request.isHead),
        }),
    };
  },
};
