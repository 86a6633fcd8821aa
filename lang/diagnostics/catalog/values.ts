/** E03xx: values, files and secrets. */
import { type Help, kind } from "../diagnostic.ts";
import type { Declared } from "./types.ts";

export const values = {
  E0301: kind<{ raw: string; type: string; reason: string; instead: Help | undefined }>({
    title: "A literal without a value",
    text: ({ raw, type }) => `\`${raw}\` is no valid ${type}`,
    label: ({ reason }) => reason,
    help: ({ instead }) => instead,
  }),

  E0302: kind<{ subject: string | undefined; type: string; reason: string; instead: Help | undefined }>({
    title: "A text of the wrong form",
    text: ({ subject, type }) =>
      subject ? `\`${subject}\` wants ${type}, and this text is none` : `this text is not ${type}`,
    label: ({ reason }) => reason,
    help: ({ instead }) => instead,
  }),

  E0303: kind<{
    subject: string | undefined;
    value: string;
    range: string;
    low: string;
    high: string;
    side: "below" | "above";
    declared?: Declared | undefined;
  }>({
    title: "Out of range",
    text: ({ subject, value, range }) =>
      `${subject ? `\`${subject}\`` : "this"} is to be in \`${range}\`, and \`${value}\` is not`,
    label: ({ side, low, high }) => (side === "below" ? `less than ${low}` : `more than ${high}`),
    note: ({ declared }) => declared && `\`${declared.text}\` is declared at ${declared.place}`,
  }),

  E0304: kind<{
    subject: string | undefined;
    value: string;
    type: string | undefined;
    condition: string;
    docs: string | undefined;
    reason: string | undefined;
    declared?: Declared | undefined;
  }>({
    title: "A value that does not fit",
    text: ({ subject, value, type }) =>
      `\`${value}\` does not fit ${subject ? `\`${subject}\`` : type ? `\`${type}\`` : "here"}`,
    label: ({ condition, reason }) => reason ?? `must hold: ${condition}`,
    note: ({ docs, type, declared, condition, reason }) => [
      ...(docs && type ? [`\`${type}\`: ${docs}`] : []),
      ...(reason ? [`must hold: ${condition}`] : []),
      ...(declared ? [`\`${declared.text}\` is declared at ${declared.place}`] : []),
    ],
  }),

  E0305: kind<{ operation: string; reason: string }>({
    title: "A calculation without a result",
    text: ({ operation, reason }) => `\`${operation}\`: ${reason}`,
    label: ({ reason }) => reason,
  }),

  E0306: kind<{ key: string; what: string; keys: readonly string[] }>({
    title: "No such element",
    text: ({ key, what }) => `${what} has no element \`${key}\``,
    label: () => "not in there",
    note: ({ keys }) => (keys.length > 0 ? `it has: ${keys.join(", ")}` : "it is empty"),
  }),

  E0307: kind<{ path: string; looked: string }>({
    title: "A file that cannot be read",
    text: ({ path }) => `there is no file \`${path}\``,
    label: () => "cannot be read",
    note: ({ looked }) =>
      `looked for \`${looked}\`: paths begin at the folder of the file that names them, and stay inside of the description's`,
  }),

  E0308: kind<{ steps: string; busiest: string | undefined }>({
    title: "Too much work",
    text: ({ steps }) => `this description takes more than ${steps} steps to evaluate`,
    label: () => "the last step was here",
    note: ({ busiest }) => busiest && `most of them in the \`for\` at ${busiest}`,
  }),

  E0309: kind<{ what: string; limit: string }>({
    title: "Too large",
    text: ({ what, limit }) => `${what}: the limit is ${limit}`,
    label: () => "too large",
  }),

  E0312: kind<{ path: string }>({
    title: "A private key in a file",
    text: ({ path }) => `\`${path}\` holds a private key, and a secret may not be part of an image`,
    label: () => "this file would be stored in the image and the cache",
  }),

  E0313: kind<{ path: string; reason: string }>({
    title: "A path that is not allowed",
    text: ({ path }) => `\`${path}\` cannot be read from a description`,
    label: ({ reason }) => reason,
    help: () => "paths are relative to the file that names them, like `./zones/example.org.zone`",
  }),

  E0314: kind<{ reason: string }>({
    title: "A pattern that cannot be read",
    text: () => "this regular expression is not understood",
    label: ({ reason }) => reason,
  }),

  E0315: kind<{ key: string }>({
    title: "A key twice",
    text: ({ key }) => `the key \`${key}\` is given twice`,
    label: () => "given again here",
  }),
} as const;
