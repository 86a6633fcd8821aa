/** E015x and E016x: packages, hashes behind `use`, and `appl.lock`. */
import { type Edit, kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

export const lock = {
  E0150: kind<{ edition: number }>({
    title: "Not a lock",
    text: () => "`appl.lock` does not begin as a lock does",
    label: () => "the first line is not that of a lock",
    help: ({ edition }) =>
      `the first line is \`appl-lock ${edition}\`; \`appl lock\` writes the file, it need not be edited`,
  }),

  E0151: kind<{ edition: string; known: number }>({
    title: "The lock of a newer version",
    text: ({ edition }) => `this lock is of edition ${edition}, which this version of appl does not know`,
    label: ({ known }) => `known here: ${known}`,
    help: () => "use the version of appl that wrote it, or a newer one",
  }),

  E0152: kind<Record<string, never>>({
    title: "An unfinished merge",
    text: () => "`appl.lock` has the marks of a merge that was not finished",
    label: () => "both sides changed the lines that follow",
    help: () =>
      "`appl lock` takes the lines of both sides, counts the serials on that need it, and says where a choice is needed",
  }),

  E0153: kind<{ name: string; reason: string }>({
    title: "A line of the lock",
    text: ({ name }) => `the line \`${name}\` of the lock cannot be read`,
    label: ({ reason }) => reason,
    help: () => "have it as it was committed, or delete the line and run `appl lock`",
  }),

  E0154: kind<{ name: string }>({
    title: "Two lines for one name",
    text: ({ name }) => `the lock has two lines for \`${name}\``,
    label: () => "again here",
    help: () => "keep the one that is wanted, and run `appl lock`",
  }),

  E0155: kind<{ path: string; hasLock: boolean; packages: readonly string[] }>({
    title: "A package without a line",
    text: ({ path, hasLock }) =>
      hasLock
        ? `\`appl.lock\` has no line for \`${path}\``
        : `\`${path}\` is used, and there is no \`appl.lock\` to say what it is`,
    label: () => "which one, and where from?",
    help: ({ path, packages }) => [
      ...[didYouMean(path, packages)].filter((text) => text !== undefined),
      `appl lock add ${path} git+https://HOST/REPOSITORY?rev=TAG`,
    ],
    note: () => "a build fetches nothing: what it uses is named in the lock and lies in `appl.pkg`",
  }),

  E0156: kind<{ path: string; folder: string; inWork: boolean }>({
    title: "A package that is not here",
    text: ({ path, folder }) => `\`${path}\` is not in \`${folder}\``,
    label: () => "its files are missing",
    help: ({ inWork }) =>
      inWork
        ? "the lock says `path:`: is the folder still there?"
        : "`appl lock` fetches what the lock names",
  }),

  E0157: kind<{ path: string; folder: string; locked: string; found: string }>({
    title: "A package that was changed",
    text: ({ path, folder }) => `the files of \`${path}\` in \`${folder}\` are not those that the lock names`,
    label: () => "used here",
    help: ({ path }) => [
      `\`appl lock --restore\` puts back what the lock names`,
      `to work on it: \`appl lock add ${path} path:FOLDER\``,
    ],
    note: ({ locked, found }) => [`the lock says ${locked}`, `the files are  ${found}`],
  }),

  E0158: kind<{ what: string; isHash: boolean; found: string; edit: Edit }>({
    title: "Another hash than expected",
    text: ({ what, isHash }) => (isHash ? `${what} does not have this hash` : "this is no sha256"),
    label: ({ isHash }) => (isHash ? "another content was expected" : "`sha256:` and 64 hexadecimal digits"),
    help: ({ found, edit }) => ({ text: `if what is there now is what you want: \`${found}\``, edit }),
  }),

  E0159: kind<{ path: string; reason: string }>({
    title: "A package that cannot be used",
    text: ({ path }) => `\`${path}\` is no package`,
    label: ({ reason }) => reason,
    note: ({ path }) =>
      `a package is a folder of ordinary files with \`${path.slice(path.lastIndexOf("/") + 1)}.appl\`, whose line \`library ${path}\` says its name`,
  }),

  E0160: kind<{ name: string; locked: string; here: string }>({
    title: "Another library than locked",
    text: ({ name }) => `the lock was made with another \`${name}\` than this compiler has`,
    label: ({ locked }) => locked,
    help: ({ name }) => `use the version that it names, or take this one: \`appl lock update ${name}\``,
    note: ({ here }) => `this compiler has ${here}; with \`--locked\` nothing may differ`,
  }),

  W0160: kind<{ name: string; locked: string; here: string }>({
    title: "Another library than locked",
    severity: "warning",
    text: ({ name }) => `the lock was made with another \`${name}\` than this compiler has`,
    label: ({ locked }) => locked,
    help: ({ name }) => `\`appl lock update ${name}\``,
    note: ({ here }) => `this compiler has ${here}, so images may differ from those of before`,
  }),

  E0161: kind<{ path: string; source: string }>({
    title: "A package in work",
    text: ({ path, source }) => `\`${path}\` comes from \`${source}\`, which may change at any time`,
    label: () => "used here",
    help: ({ path }) =>
      `publish it and \`appl lock add ${path} git+https://…?rev=…\`, or build without \`--locked\``,
  }),

  E0162: kind<{ name: string; number: number | undefined }>({
    title: "A serial that has to count",
    text: ({ name, number }) =>
      number === undefined
        ? `the lock has no line \`${name}\`, and \`--locked\` makes none`
        : `what \`${name}\` counts has changed since ${number}, and \`--locked\` does not count on`,
    label: () => "counted in the lock",
    help: () => "run `appl lock` (or build without `--locked`), and commit `appl.lock`",
  }),

  E0163: kind<{ name: string }>({
    title: "Two counters of one name",
    text: ({ name }) => `two settings would be counted as \`${name}\` in the lock`,
    label: () => "the second",
    help: () => "write one of the two numbers out",
  }),
} as const;
