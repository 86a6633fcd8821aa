/** E03xx: values, files and secrets. */
import { type Help, kind } from "../diagnostic.ts";
import { likelyPath } from "../nearest.ts";
import type { Declared } from "./types.ts";

/** `it in [1, 2]` and `len(it) in 1..32` as one would say them. */
function inWords(condition: string): string {
  const [, list] = /^it in \[([^[\]]*)\]$/.exec(condition) ?? [];
  if (list !== undefined) return `must be one of ${list}`;
  const [, low, high] = /^len\(it\) in (\d+)\.\.(\d+)$/.exec(condition) ?? [];
  return low === undefined ? `must hold: ${condition}` : `its length must be ${low} to ${high}`;
}

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
    label: ({ condition, reason }) => reason ?? inWords(condition),
    note: ({ docs, type, declared, condition, reason }) => [
      ...(docs && type ? [`\`${type}\`: ${docs}`] : []),
      ...(reason ? [`must hold: ${condition}`] : []),
      ...(declared ? [`\`${declared.text}\` is declared at ${declared.place}`] : []),
    ],
  }),

  E0305: kind<{ operation: string; reason: string; help?: Help | undefined }>({
    title: "A calculation without a result",
    text: ({ operation, reason }) => `\`${operation}\`: ${reason}`,
    help: ({ help }) => help,
  }),

  E0307: kind<{
    what: "file" | "folder";
    path: string;
    looked: string;
    /** What is there instead. */
    is: "file" | "folder" | undefined;
    /** What is in its folder. */
    beside?: readonly string[];
  }>({
    title: "A file that cannot be read",
    text: ({ what, path, is }) =>
      is ? `\`${path}\` is a ${is}, not a ${what}` : `there is no ${what} \`${path}\``,
    label: ({ is }) => (is ? `a ${is}` : "cannot be read"),
    help: ({ is, path, looked, beside = [] }) =>
      is ? `read it with \`${is === "folder" ? "dir" : "file"} "${path}"\`` : likelyPath(looked, beside),
    note: ({ looked, is }) =>
      is
        ? undefined
        : `looked for \`${looked}\`: paths begin at the folder of the file that names them, and stay inside of the description's`,
  }),

  E0308: kind<{ steps: string; looped: boolean }>({
    title: "Too much work",
    text: ({ steps }) => `this description takes more than ${steps} steps to evaluate`,
    label: ({ looped }) => (looped ? "most of them are in this `for`" : "the last step was here"),
  }),

  E0309: kind<{ what: string; limit: string }>({
    title: "Too large",
    text: ({ what, limit }) => `${what}: the limit is ${limit}`,
    label: () => "too large",
  }),

  E0312: kind<{ path: string; inside?: string }>({
    title: "A private key in a file",
    text: ({ path, inside }) =>
      `\`${inside ?? path}\`${inside ? ` in \`${path}\`` : ""} holds a private key, and a secret may not be part of an image`,
    label: ({ inside }) =>
      inside ? `takes in \`${inside}\`` : "this file would be stored in the image and the cache",
    help: ({ inside }) => [
      ...(inside ? [`leave it out: \`skip = ["${inside}"]\``] : []),
      'if the appliance needs the key, declare where a machine gets it:\nsecret key : … from boot "key"',
    ],
    note: () => "if this file has been published or committed, replace the key",
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

  E0316: kind<{ path: string; inside: string; reason: string; skip: boolean }>({
    title: "A folder with something unfit",
    text: ({ path, inside }) => `\`${inside}\` in \`${path}\` cannot be part of an image`,
    label: ({ reason }) => reason,
    help: ({ inside, skip }) => (skip ? `leave it out: \`skip = ["${inside}"]\`` : "rename one of them"),
  }),

  E0317: kind<{ pattern: string; reason: string; instead: Help | undefined }>({
    title: "A pattern that cannot be read",
    text: ({ pattern }) => `\`${pattern}\` is no pattern for names of files`,
    label: ({ reason }) => reason,
    help: ({ instead }) => instead,
    note: () =>
      "`*` stands for a part of a name, `**` for folders, `?` for one character, `{a,b}` for one of several",
  }),

  W0301: kind<{
    pattern: string;
    path: string;
    which: "only" | "skip";
    deeper: { pattern: string; count: number } | undefined;
    empty: boolean;
  }>({
    title: "A pattern that matches nothing",
    severity: "warning",
    text: ({ pattern, path, empty }) =>
      empty ? `nothing is taken from \`${path}\`` : `\`${pattern}\` matches nothing in \`${path}\``,
    label: ({ which, empty }) =>
      empty ? "no files" : which === "only" ? "takes nothing in" : "leaves nothing out",
    help: ({ deeper }) =>
      deeper &&
      `\`*\` stays in one folder: \`${deeper.pattern}\` would match ${deeper.count === 1 ? "one file" : `${deeper.count} files`}`,
  }),

  E0340: kind<{ name: string; given: string; reason: string; helps: readonly string[] }>({
    title: "A param that does not fit",
    text: ({ name, given }) => `the param \`${name}\` cannot be \`${given}\``,
    label: ({ reason }) => reason,
    help: ({ helps }) => helps,
  }),

  E0341: kind<{ name: string; type: string; docs: string | undefined; target: string }>({
    title: "A param without a value",
    text: ({ name }) => `the param \`${name}\` has no value`,
    label: ({ type }) => `what is wanted: ${type}`,
    help: ({ name, target }) => [
      `give it on the command line: \`-p ${name}=…\``,
      `or in the target: \`target ${target} { set { ${name} = … } }\``,
      "or give it a default here, behind `=`",
    ],
    note: ({ docs }) => docs,
  }),

  E0342: kind<{ names: readonly string[] }>({
    title: "Values that need each other",
    text: ({ names }) => `\`${names[0]}\` needs itself`,
    label: ({ names }) => names.join(" -> "),
    help: () => "take one of them out of the circle: write its value out",
  }),

  E0343: kind<{ written: string; use: string; subject: string | undefined }>({
    title: "A value that is known too late",
    text: ({ written, subject }) =>
      `\`${written}\` is only known when a machine starts${subject ? `, and \`${subject}\` has to be known before` : ""}`,
    label: () => "no value yet while the image is made",
    help: ({ written }) => [
      "options that can wait for it have a type `AtBoot<…>`: `appl doc` names the options of a module",
      `or make it a param of the build: take \`from boot\` out of the declaration of \`${written}\`, and build with \`-p\``,
    ],
  }),

  E0344: kind<{ type: string; why: string }>({
    title: "A type that cannot be given",
    text: ({ type }) => `${type} cannot be given to a machine that starts`,
    label: ({ why }) => why,
    help: ({ why }) =>
      why.includes("checked")
        ? 'ranges, lengths, comparisons and patterns can be: `len(it) in 16..64 and it matches r"^[a-z]+$"`'
        : undefined,
  }),

  E0345: kind<{ name: string; slot: string; where: "-p" | "set" }>({
    title: "A param given too early",
    text: ({ name }) => `\`${name}\` is given to a machine when it starts, not while its image is built`,
    label: ({ slot }) => `machines look for it in the slot \`${slot}\``,
    help: ({ name, where }) =>
      where === "set"
        ? "write a default behind `=`, or take `from boot` away"
        : `\`appl run -p ${name}=…\` starts a machine with it; docs/boot-parameters.md says how other machines are given theirs`,
  }),
} as const;
