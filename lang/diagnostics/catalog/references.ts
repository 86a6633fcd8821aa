/** E05xx: references over the finished configuration. */
import { kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

const MAX_NAMED = 8;

const list = (names: readonly string[]): string =>
  `${names.slice(0, MAX_NAMED).join(", ")}${names.length > MAX_NAMED ? " …" : ""}`;

export const references = {
  E0501: kind<{
    block: string;
    /** A block as it could be added. */
    write: string | undefined;
    library: string;
  }>({
    title: "Nothing to refer to",
    text: ({ block }) => `there is no \`${block}\` in this appliance that could be referred to`,
    label: () => "refers to nothing",
    help: ({ write, library }) =>
      write === undefined ? `\`use ${library}\`, and add the block that is meant` : `add \`${write}\``,
  }),

  E0503: kind<{ name: string }>({
    title: "A block that is not there",
    text: ({ name }) => `this appliance has no block \`${name}\``,
    label: () => "not there",
    help: ({ name }) => `ask first, like \`${name} == none or …\``,
  }),

  E0502: kind<{
    block: string;
    name: string;
    labels: readonly string[];
    places: readonly (string | undefined)[];
  }>({
    title: "A reference to nothing",
    text: ({ block, name }) => `no \`${block}\` is called \`${name}\``,
    label: () => "refers to nothing",
    help: ({ block, name, labels, places }) => {
      if (labels.length === 0)
        return `there is no \`${block}\` yet: add \`${block} ${/^[a-z_]\w*$/i.test(name) ? name : `"${name}"`} { … }\``;
      const help = didYouMean(name, labels);
      const near = help && labels.find((label) => help.startsWith(`did you mean \`${label}\`?`));
      const place = near !== undefined ? places[labels.indexOf(near)] : undefined;
      return place ? `${help}  (declared at ${place})` : help;
    },
    note: ({ block, labels }) =>
      labels.length > 0 ? `${block}s in scope: ${labels.toSorted().join(", ")}` : undefined,
  }),

  E0504: kind<{ owner: string; owners: readonly string[] }>({
    title: "A signal of nothing",
    text: ({ owner }) => `no block with signals is called \`${owner}\``,
    label: () => "a signal of nothing",
    help: ({ owner, owners }) => didYouMean(owner, owners),
    note: ({ owners }) =>
      owners.length > 0
        ? `blocks with signals: ${list(owners)}`
        : "no block of this appliance has signals: sensors, inputs and outputs have",
  }),

  E0505: kind<{ owner: string; name: string; signals: readonly string[]; help: string | undefined }>({
    title: "An unknown signal",
    text: ({ owner, name }) => `\`${owner}\` has no signal \`${name}\``,
    label: () => "not one of its signals",
    help: ({ help }) => help,
    note: ({ owner, signals }) =>
      signals.length > 0 ? `signals of \`${owner}\`: ${list(signals)}` : `\`${owner}\` has no signals`,
  }),

  E0506: kind<{ text: string; carries: string; wanted: string; fitting: readonly string[] }>({
    title: "A signal of another type",
    text: ({ text, carries, wanted }) => `\`${text}\` carries ${carries}, and ${wanted} is wanted here`,
    label: ({ carries }) => carries,
    note: ({ wanted, fitting }) =>
      fitting.length > 0
        ? `signals that carry ${wanted}: ${list(fitting)}`
        : `no block of this appliance has a signal that carries ${wanted}`,
  }),

  E0507: kind<{ text: string; paths: readonly string[] }>({
    title: "A signal of several blocks",
    text: ({ text, paths }) => `\`${text}\` could be of ${paths.length} blocks`,
    label: () => "of which of them?",
    help: ({ paths }) => `write the whole path: ${paths.map((path) => `\`${path}\``).join(" or ")}`,
  }),
} as const;
