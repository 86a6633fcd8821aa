/** E05xx: references over the finished configuration. */
import { kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

export const references = {
  E0501: kind<{ block: string }>({
    title: "Nothing to refer to",
    text: ({ block }) => `there is no \`${block}\` in this appliance that could be referred to`,
    label: () => "refers to nothing",
  }),

  E0503: kind<{ name: string }>({
    title: "A block that is not there",
    text: ({ name }) => `this appliance has no block \`${name}\``,
    label: () => "not there",
    help: ({ name }) => `ask first, like \`${name} != none and …\``,
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
    help: ({ name, labels, places }) => {
      const help = didYouMean(name, labels);
      const near = help && labels.find((label) => help.startsWith(`did you mean \`${label}\`?`));
      const place = near !== undefined ? places[labels.indexOf(near)] : undefined;
      return place ? `${help}  (declared at ${place})` : help;
    },
    note: ({ block, labels }) =>
      labels.length > 0 ? `${block}s in scope: ${labels.toSorted().join(", ")}` : undefined,
  }),
} as const;
