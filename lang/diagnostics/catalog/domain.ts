/** E07xx: checks over the finished configuration. Libraries declare further codes of this range. */
import { kind } from "../diagnostic.ts";

interface Failed {
  /** What the check's author says; undefined if nothing. */
  readonly message: string | undefined;
  /** The condition as it is written. */
  readonly condition: string;
  /** Values of parts of the condition. */
  readonly values: readonly string[];
  /** Where a library's check is declared. */
  readonly declared: string | undefined;
}

const failed = (title: string) =>
  kind<Failed>({
    title,
    text: ({ message, condition }) => message ?? `\`${condition}\` does not hold`,
    label: ({ message, condition }) => (message === undefined ? "" : `must hold: ${condition}`),
    note: ({ values, declared }) => [
      ...values,
      ...(declared ? [`this rule is declared at ${declared}`] : []),
    ],
  });

const spaced = (name: string): string => name.replaceAll("_", " ");

export const domain = {
  E0700: failed("A rule of a library is broken"),
  E0701: failed("An assertion does not hold"),

  E0702: kind<{
    module: string;
    need: string;
    missing: string;
    docs: string | undefined;
    labelled?: boolean;
  }>({
    title: "A module needs a block",
    text: ({ module, missing, labelled }) =>
      labelled
        ? `\`${module}\` is needed, and there is no block of it`
        : `\`${module}\` is needed, and cannot do without its option \`${missing}\``,
    label: ({ need }) => need,
    help: ({ module, missing, labelled }) =>
      `add a block \`${module.split("/").at(-1)}${labelled ? " NAME" : ""} { ${missing} = … }\``,
    note: ({ missing, docs }) => (docs ? `\`${missing}\`: ${docs}` : undefined),
  }),

  E0703: kind<{ name: string; value: string; first: string; second: string }>({
    title: "Claimed twice",
    text: ({ name, value, first, second }) =>
      first === second
        ? `\`${first}\` wants ${spaced(name)} \`${value}\` twice`
        : `\`${second}\` and \`${first}\` both want ${spaced(name)} \`${value}\``,
    label: ({ second }) => `\`${second}\` wants it here`,
    help: ({ first, second }) =>
      first === second ? "leave one of the two out" : "only one of them can have it: change the other",
  }),

  E0704: kind<{ code: string; found: readonly string[] }>({
    title: "An error that did not come",
    text: ({ code, found }) =>
      found.length === 0
        ? `this was to be refused with ${code}, and is accepted`
        : `this was to be refused with ${code}`,
    label: ({ found }) =>
      found.length === 0 ? "no error" : `refused with ${[...new Set(found)].join(", ")}`,
    help: ({ code }) => `what ${code} means: \`appl explain-error ${code}\``,
  }),
} as const;
