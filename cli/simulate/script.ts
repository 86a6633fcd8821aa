/** What a script does to boards, and what it expects of them: `float closed at 1min`, `air 30°C 60% at 2min`, `vent on at 3min`. */
import type { Simulation, Time } from "#simulate";
import { timed } from "./asks.ts";
import { type Thing, thingCalled } from "./things.ts";
import { Unclear } from "./unclear.ts";

/** Sets all that the texts say when it is time; without one at the beginning. */
export function scheduleSets(
  simulation: Simulation,
  things: readonly Thing[],
  texts: readonly string[],
): void {
  for (const text of texts) {
    const { thing, words, at } = read(text, things);
    const unclear = () =>
      new Unclear(
        `\`${text}\`: \`${words.join(" ")}\` says nothing of ${thing.what}`,
        `what can be said: ${thing.sets}`,
      );
    if (!thing.set || words.length === 0) throw unclear();
    const set = () => {
      if (!thing.set!(words)) throw unclear();
      const what = `${thing.name} ${words.join(" ")}`;
      if (at > 0) simulation.tell({ kind: "note", time: simulation.now, text: `set ${what}` });
    };
    if (at === 0) set();
    else simulation.at(at, set);
  }
}

export interface Expectation {
  readonly text: string;
  /** As it was when it should have been so; undefined until then. */
  found: string | undefined;
  readonly wanted: string;
}

export function scheduleExpectations(
  simulation: Simulation,
  things: readonly Thing[],
  texts: readonly string[],
): readonly Expectation[] {
  return texts.map((text) => {
    const { thing, words, at } = read(text, things);
    const [wanted = "", ...more] = words.filter((word) => word !== "is");
    if (!thing.state || more.length > 0 || !["on", "off", "closed", "open"].includes(wanted))
      throw new Unclear(
        `\`${text}\` cannot be expected of ${thing.what}`,
        "for example `vent on at 3min`: of outputs `on` or `off`, of inputs `closed` or `open`",
      );
    const expectation: Expectation = { text, found: undefined, wanted };
    simulation.at(at, () => {
      // When all else that is for this time has happened.
      simulation.after(0, () => {
        expectation.found = thing.state!();
      });
    });
    return expectation;
  });
}

function read(
  text: string,
  things: readonly Thing[],
): { readonly thing: Thing; readonly words: readonly string[]; readonly at: Time } {
  const { words, at } = timed(text.trim().split(/\s+/), 0);
  const [name = "", ...rest] = words;
  return { thing: thingCalled(name, things, text), words: rest, at };
}
