/** E04xx: definitions that do not go together. */
import { kind } from "../diagnostic.ts";

export const merge = {
  E0402: kind<{ name: string; first: string; second: string }>({
    title: "Two different values",
    text: ({ name }) => `\`${name}\` is given two different values`,
    label: ({ second }) => `${second} here`,
    help: () => "keep one of the two",
  }),

  E0405: kind<{ reader: string }>({
    title: "A setting read too early",
    text: ({ reader }) => `${reader} may not look at settings`,
    label: () => "this is the result of the description, not known while it is being put together",
    help: ({ reader }) =>
      reader === "`when`"
        ? "`when` may use params, lets and `target`; make it a `let`, and use that in both places"
        : "put the value into a `let`, and use that in both places",
    note: () => "this rule is why resolving modules always terminates",
  }),

  E0406: kind<{ block: string; first: string; second: string }>({
    title: "Two of which only one may be",
    text: ({ block, first, second }) => `\`${block}\` has both \`${first}\` and \`${second}\``,
    label: ({ second }) => `\`${second}\` here`,
    help: () => "exactly one of them is allowed: remove the other",
  }),

  E0407: kind<{ block: string; arms: readonly string[] }>({
    title: "One of several blocks is missing",
    text: ({ block, arms }) => `\`${block}\` needs one of ${arms.map((arm) => `\`${arm}\``).join(", ")}`,
    label: () => "none of them is given",
    help: ({ arms }) => `add \`${arms[0]} { … }\``,
  }),

  E0408: kind<{ block: string; name: string; min: number; found: number }>({
    title: "Too few blocks",
    text: ({ block, name, min }) => `\`${block}\` needs at least ${min === 1 ? "one" : min} \`${name}\``,
    label: ({ found }) => (found === 0 ? "there is none" : `there ${found === 1 ? "is 1" : `are ${found}`}`),
    help: ({ name }) => `add \`${name} … { … }\``,
  }),
} as const;
