/** Questions of a scripted host, asked again while no answer comes. Time passes only when the simulation runs. */
import type { Host } from "./host.ts";
import type { TcpClient, TcpConnection } from "./tcp-client.ts";
import { SECOND, type Time } from "./time.ts";

export interface AskOptions {
  /** How long an answer may take; then the question is asked again. */
  readonly timeout?: Time;
  /** How often it is asked in all. */
  readonly tries?: number;
  /** An answer that is another one's is let go. */
  readonly accept?: (answer: Uint8Array) => boolean;
  /** Called once, when there is an answer or none is waited for any more. */
  readonly done?: (question: Question) => void;
}

export class Question {
  answer: Uint8Array | undefined;
  readonly askedAt: Time;
  answeredAt: Time | undefined;
  /** How often it was asked. */
  tries = 0;
  /** Answers that came, the same again and such that were not accepted included. */
  answers = 0;
  /** Nothing more will happen. */
  isOver = false;

  constructor(now: Time) {
    this.askedAt = now;
  }
}

/** What is at both ends of an exchange. */
interface Exchange {
  send(): void;
  listen(take: (answer: Uint8Array) => void): void;
  /** When something of an answer came the last time: it is not asked again before the timeout has passed since. */
  heardAt?(): Time;
  /** Nobody listens any more. */
  stop(): void;
}

/** A datagram to `to`, and the first one that comes back. */
export function askUdp(
  host: Host,
  to: string,
  port: number,
  payload: Uint8Array,
  options: AskOptions = {},
): Question {
  const from = host.freePort();
  return ask(host, options, {
    send: () => host.sendUdp(to, port, from, payload),
    listen: (take) =>
      host.onUdp(from, ({ packet, content }) => {
        if (packet.from === to && content.from === port) take(content.payload);
      }),
    stop: () => host.onUdp(from, undefined),
  });
}

/** More is no answer to a script's question. */
const MOST_RECEIVED = 16 * 2 ** 20;

export interface AskTcpOptions extends AskOptions {
  /** Whether this is a whole answer; if it is not said, it is one when the other side closes the connection. */
  readonly isWhole?: (received: Uint8Array) => boolean;
}

/** What is sent on a connection, and what comes back. Another connection is made where one was refused, or nothing came for `timeout`. */
export function askTcp(
  client: TcpClient,
  to: string,
  port: number,
  payload: Uint8Array,
  { isWhole, timeout = SECOND, ...options }: AskTcpOptions = {},
): Question {
  const { simulation } = client.host;
  let connection: TcpConnection | undefined;
  let heardAt: Time = 0;
  let take: (answer: Uint8Array) => void;
  return ask(
    client.host,
    { timeout, ...options },
    {
      send() {
        connection?.abort();
        const made = client.connect(to, port);
        connection = made;
        heardAt = simulation.now;
        made.send(payload);
        made.onChange = () => {
          if (made.isReset) return;
          heardAt = simulation.now;
          if (made.received.length > MOST_RECEIVED) made.abort();
          else if (isWhole === undefined && !made.isClosed) return;
          else if (made.received !== "") {
            const bytes = Uint8Array.from(made.received, (each) => each.charCodeAt(0));
            if (isWhole?.(bytes) !== false) take(bytes);
          }
        };
      },
      listen(to) {
        take = to;
      },
      heardAt: () => heardAt,
      stop: () => connection?.close(),
    },
  );
}

/** An echo request; `word` is identifier and number. */
export function ping(
  host: Host,
  to: string,
  {
    word = 0x0001_0001,
    size = 56,
    tries = 1,
    ...options
  }: AskOptions & { word?: number; size?: number } = {},
): Question {
  const payload = Uint8Array.from({ length: size }, (_, n) => n);
  return ask(
    host,
    { tries, ...options },
    {
      send: () => host.sendEcho(to, word, payload),
      listen: (take) => host.onEcho(word, ({ packet, content }) => packet.from === to && take(content)),
      stop: () => host.onEcho(word, undefined),
    },
  );
}

function ask(host: Host, options: AskOptions, exchange: Exchange): Question {
  const { timeout = SECOND, tries = 3, accept, done } = options;
  const { simulation } = host;
  const question = new Question(simulation.now);
  const end = () => {
    question.isOver = true;
    done?.(question);
  };
  exchange.listen((answer) => {
    question.answers += 1;
    if (question.isOver || accept?.(answer) === false) return;
    question.answer = answer;
    question.answeredAt = simulation.now;
    end();
  });
  const next = () => {
    const heard = exchange.heardAt?.() ?? 0;
    if (!question.isOver && question.tries > 0 && heard + timeout > simulation.now) {
      simulation.at(heard + timeout, next);
      return;
    }
    if (question.isOver || question.tries === tries) {
      if (!question.isOver) end();
      exchange.stop();
      return;
    }
    question.tries += 1;
    exchange.send();
    simulation.after(timeout, next);
  };
  next();
  return question;
}
