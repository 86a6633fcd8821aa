/** E06xx: what the configuration asks of the target's board. */
import { kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

/** What every message about a pin can say. */
interface OnBoard {
  readonly pin: string;
  /** As the target names it. */
  readonly board: string;
  /** What it is wanted for: `output`. */
  readonly can: readonly string[];
  /** Pins that would do. */
  readonly free: readonly string[];
  /** Pins that would do with `strapping = accept`. */
  readonly strapping: readonly string[];
  readonly target: string;
  /** Other targets of the description, on which this is not wrong. */
  readonly unlimited: readonly string[];
}

const and = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

const freePins = ({ can, free }: OnBoard): string | undefined =>
  free.length === 0
    ? `no ${[...can, "pin"].join(" ")} of this board is free`
    : `free ${[...can, "pins"].join(" ")} here: ${free.join(", ")}`;

const strappingPins = ({ strapping }: OnBoard): string[] =>
  strapping.length === 0
    ? []
    : [
        strapping.length === 1
          ? `${strapping[0]} is a strapping pin: allowed with \`strapping = accept\``
          : `${and(strapping)} are strapping pins: allowed with \`strapping = accept\``,
      ];

const checkedFor = ({ target, unlimited }: OnBoard): string => {
  const others = unlimited.map((name) => `\`${name}\``);
  if (others.length === 0) return `checked for target \`${target}\``;
  return `checked for target \`${target}\`; target${others.length > 1 ? "s" : ""} ${and(others)} ${others.length > 1 ? "have" : "has"} no such limit`;
};

const a = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

export const boards = {
  E0601: kind<OnBoard & { reason: string }>({
    title: "A pin that is not free",
    text: ({ pin, board }) => `${pin} cannot be used on the board \`${board}\``,
    label: ({ reason }) => reason,
    help: freePins,
    note: (data) => [...strappingPins(data), checkedFor(data)],
  }),

  E0602: kind<OnBoard & { names: readonly string[] }>({
    title: "An unknown pin",
    text: ({ pin, board }) => `the board \`${board}\` has no pin ${pin}`,
    label: () => "not a pin of this board",
    // pins differ by their numbers: the one with the nearest number is no better than any other
    help: (data) => {
      const same = data.names.find((name) => name.toLowerCase() === data.pin.toLowerCase());
      return same ? `did you mean \`${same}\`?` : freePins(data);
    },
    note: checkedFor,
  }),

  E0603: kind<{ pin: string; by: string }>({
    title: "A pin used twice",
    text: ({ pin }) => `${pin} is used twice`,
    label: ({ by }) => `\`${by}\` uses it`,
    help: () => "a pin has one use: choose another one here or there",
  }),

  E0604: kind<OnBoard & { lacking: string; able: readonly string[] }>({
    title: "A pin that cannot do this",
    text: ({ pin, board, lacking }) => `${pin} cannot be used for \`${lacking}\` on the board \`${board}\``,
    label: ({ able }) => (able.length === 0 ? "it has no use" : `it can do: ${able.join(", ")}`),
    help: freePins,
    note: (data) => [...strappingPins(data), checkedFor(data)],
  }),

  E0605: kind<OnBoard & { reason: string; acceptable: boolean }>({
    title: "A strapping pin",
    text: ({ pin, board }) => `${pin} is a strapping pin of the board \`${board}\``,
    label: ({ reason }) => reason,
    help: (data) => [
      freePins(data)!,
      ...(data.acceptable
        ? ["or add `strapping = accept`, if what is connected leaves the level at reset alone"]
        : []),
    ],
    note: checkedFor,
  }),

  E0606: kind<{
    name: string;
    noun: string;
    board: string;
    names: readonly string[];
    target: string;
    /** With which a target asks for more of them. */
    option: string | undefined;
  }>({
    title: "A device that is not there",
    text: ({ name, noun, board }) => `the board \`${board}\` has no ${noun} ${name}`,
    label: ({ noun }) => `not ${a(noun)} of this board`,
    help: ({ name, names, option, target }) => {
      const number = /\d+$/.exec(name)?.[0];
      const more = option && number ? `\`${option} = ${Number(number) + 1}\`` : undefined;
      return more ? `give target \`${target}\` more of them: ${more}` : didYouMean(name, names);
    },
    note: ({ noun, names, target }) => [
      names.length > 0 ? `${noun}s here: ${names.join(", ")}` : `it has no ${noun}s`,
      `checked for target \`${target}\``,
    ],
  }),
} as const;
