/** E04xx: definitions that do not go together. */
import type { Span } from "../../source/span.ts";
import { type Edit, type Help, kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

export const merge = {
  E0402: kind<{
    name: string;
    label: string;
    /** What the second one gives. */
    value: string;
    /** Where the second one is, if it is the appliance's own. */
    setting: Span | undefined;
    /** What the first one's fragment could say instead. */
    give: { fragment: string; setting: string } | undefined;
    appliance: string | undefined;
  }>({
    title: "Two different values",
    text: ({ name }) => `\`${name}\` is given two different values`,
    label: ({ label }) => label,
    help: ({ name, value, setting, give }) => {
      if (!give) return "keep one of the two";
      const decide: Help = setting
        ? {
            text: `decide for this one: \`override\` before it`,
            edit: { span: { ...setting, end: setting.start }, text: "override " },
          }
        : { text: `decide in the appliance:  ${overriding(name, value)}` };
      return [decide, `or let \`${give.fragment}\` give way:  default ${give.setting}`];
    },
    note: ({ name, appliance }) =>
      appliance === undefined
        ? undefined
        : `appl explain ${appliance} ${quoted(name)}   lists every definition and its rank`,
  }),

  E0403: kind<{ name: string; edit: Edit }>({
    title: "Nothing to override",
    text: ({ name }) => `there is no \`${name}\` that could be overridden`,
    label: () => "nothing else sets this",
    help: ({ edit }) => ({ text: "leave out `override`", edit }),
    note: () => "an `override` that overrides nothing would hide that what it was written for is gone",
  }),

  E0404: kind<{ word: string; where: string; fragment: boolean }>({
    title: "A rank where it may not be",
    text: ({ word, where }) => `\`${word}\` may not stand ${where}`,
    help: ({ fragment }) =>
      fragment
        ? "write it in the appliance, or in a target"
        : "only settings of blocks have ranks: leave it out",
    note: ({ fragment }) =>
      fragment
        ? "so the text of the appliance tells all that was forced, and no two fragments can outdo each other"
        : undefined,
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

  E0409: kind<{ name: string }>({
    title: "Set and added to",
    text: ({ name }) => `\`${name}\` is both set with \`=\` and added to with \`+=\``,
    label: () => "added to here",
    help: () => [
      "write `+=` in both places",
      "or put `default` before the one with `=`: then this is added to it",
    ],
  }),

  E0410: kind<{ name: string; declared: string | undefined }>({
    title: "Nothing can be added",
    text: ({ name }) => `\`${name}\` cannot be added to with \`+=\``,
    help: ({ name, declared }) =>
      declared === undefined
        ? `write \`${name} LABEL { … }\` or \`${name} { … }\``
        : `give the whole value: \`${name} = …\``,
    note: ({ declared }) =>
      declared === undefined
        ? undefined
        : `only options that say how they \`merge\` can; this one is declared at ${declared}`,
  }),

  E0411: kind<{
    name: string;
    label: string | undefined;
    plain: string | undefined;
    labels: readonly string[];
  }>({
    title: "Nothing to remove",
    text: ({ name, label }) =>
      `there is no \`${label === undefined ? name : `${name} ${label}`}\` that could be removed`,
    label: () => "no fragment brings this",
    help: ({ plain, labels }) => (plain === undefined ? undefined : didYouMean(plain, labels)),
    note: () => "`remove` takes out what an `include` brought; a target's takes out what the appliance says",
  }),

  E0412: kind<{ cycle: readonly string[] }>({
    title: "A fragment that includes itself",
    text: ({ cycle }) => `the fragment \`${cycle[0]}\` includes itself`,
    label: ({ cycle }) => cycle.join(" -> "),
    help: () => "take out one of the `include`s",
  }),
} as const;

/** `override dns { rate = 500/s }`. */
function overriding(path: string, value: string): string {
  const [, block, label, rest] = /^([a-z_0-9]+)(?:\[([^\]]*)\])?\.(.*)$/i.exec(path) ?? [];
  if (block === undefined || rest === undefined) return `override ${path} = ${value}`;
  const bare = label?.replace(/^"([A-Za-z_]\w*)"$/, "$1");
  return `override ${block}${bare === undefined ? "" : ` ${bare}`} { ${rest} = ${value} }`;
}

const quoted = (path: string): string => (/["[]/.test(path) ? `'${path}'` : path);
