/** Everything that has happened, for people and for comparing two runs. */
import type { Event } from "./events.ts";
import type { Simulation } from "./simulation.ts";
import { seconds } from "./time.ts";
import { describe } from "./wire/describe.ts";

export interface TraceOptions {
  /** Which events are kept; all but frames that switches pass on if it is not said. */
  readonly keep?: (event: Event) => boolean;
  /** Events that are kept: the last ones. Without end if it is not said. */
  readonly most?: number;
}

export class Trace {
  readonly events: Event[] = [];
  readonly #options: TraceOptions;
  #hash = 0x811c9dc5;

  constructor(simulation: Simulation, options: TraceOptions = {}) {
    this.#options = options;
    simulation.observe((event) => this.#see(event));
  }

  /** Of all events so far, those that are not kept too: two runs with the same have done the same. */
  get fingerprint(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }

  /** A line for each event. */
  lines(): string[] {
    return this.events.map(lineOf);
  }

  #see(event: Event): void {
    this.#mix(lineHead(event));
    if ("frame" in event) this.#mixBytes(event.frame);
    const { keep = isOfEnds, most = Number.POSITIVE_INFINITY } = this.#options;
    if (!keep(event)) return;
    this.events.push(event);
    // Now and then, and then many: to take one off the front each time would cost as much as all of them.
    if (this.events.length > 2 * most) this.events.splice(0, this.events.length - most);
  }

  /** FNV-1a. */
  #mix(text: string): void {
    for (let n = 0; n < text.length; n++) this.#hash = Math.imul(this.#hash ^ text.charCodeAt(n), 0x01000193);
  }

  #mixBytes(bytes: Uint8Array): void {
    let hash = this.#hash;
    for (let n = 0; n < bytes.length; n++) hash = Math.imul(hash ^ bytes[n]!, 0x01000193);
    this.#hash = hash;
  }
}

/** `1.000250000 client > 10.0.2.2:4000 > 10.0.2.15:53 UDP 33 bytes`: what leaves has `>` behind the port's name, what comes `<`. */
export function lineOf(event: Event): string {
  const head = lineHead(event);
  return "frame" in event ? `${head} ${describe(event.frame)}` : head;
}

const isOfEnds = (event: Event): boolean =>
  (event.kind !== "sent" && event.kind !== "arrived") || !event.port.isTransparent;

const marks = { sent: ">", arrived: "<" } as const;

function lineHead(event: Event): string {
  const time = seconds(event.time);
  switch (event.kind) {
    case "sent":
    case "arrived":
      return `${time} ${event.port.name} ${marks[event.kind]}`;
    case "lost":
      return `${time} ${event.port.name} x lost (${event.why})`;
    case "console":
      return `${time} ${event.machine}: ${event.text}`;
    case "note":
      return `${time} ${event.text}`;
  }
}
