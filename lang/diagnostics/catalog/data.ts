/** E032x: texts and data that a description reads. */
import { kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

export const data = {
  E0320: kind<{ format: string; reason: string; help: string | undefined }>({
    title: "Data that cannot be read",
    text: ({ format }) => `this file is not ${format === "JSON" ? "JSON" : `proper ${format}`}`,
    label: ({ reason }) => reason,
    help: ({ help }) => help,
  }),

  E0321: kind<{ path: string; endings: readonly string[] }>({
    title: "A format that is not known",
    text: ({ path }) => `which format \`${path}\` has is not known`,
    label: () => "its name does not say",
    help: ({ endings }) => `the format is said by the ending of the name: ${endings.join(", ")}`,
    note: () => "a file of any other kind is read with `file`, a short text with `text`",
  }),

  E0322: kind<{ column: string; type: string; columns: readonly string[] }>({
    title: "Unknown column",
    text: ({ column, type }) => `\`${type}\` has no field \`${column}\`, which this column would be for`,
    label: () => "no such field",
    help: ({ column, columns }) => didYouMean(column, columns),
    note: ({ columns }) => `columns can be: ${columns.join(", ")}`,
  }),

  E0323: kind<{ missing: readonly string[]; type: string; docs: readonly string[] }>({
    title: "A column is missing",
    text: ({ missing, type }) =>
      missing.length === 1
        ? `\`${type}\` needs \`${missing[0]}\`, and no column has it`
        : `\`${type}\` needs ${quoted(missing)}, and no columns have them`,
    label: ({ missing }) => (missing.length === 1 ? "a column is missing" : "columns are missing"),
    help: ({ missing }) => `add ${missing.length === 1 ? "a column" : "columns"} ${quoted(missing)}`,
    note: ({ docs }) => docs,
  }),

  E0324: kind<{ type: string; wanted: string }>({
    title: "A table for something else",
    text: ({ type }) => `a table is rows, and \`${type}\` is not`,
    label: ({ wanted }) => wanted,
    help: () =>
      "read it as `List<{ … }>`, a record for each row, or as `Map<K, V>`, where the first column is the key",
  }),

  E0325: kind<{ subject: string | undefined; type: string; text: boolean }>({
    title: "Nothing where a value is wanted",
    text: ({ subject, type }) =>
      `${subject ? `\`${subject}\`` : "this"} wants ${type}, and there is nothing here`,
    label: () => "empty",
    help: ({ text }) => (text ? 'an empty text is written `""`' : undefined),
    note: () => "only what is declared with `?` may be empty",
  }),

  E0326: kind<{ path: string }>({
    title: "Data of an unknown type",
    text: ({ path }) => `what is in \`${path}\` is not said`,
    label: () => "of which type?",
    help: ({ path }) => `write the type behind it: \`data "${path}" : List<…>\``,
  }),

  E0327: kind<{ subject: string | undefined; type: string; text: string; written: string; meant: boolean }>({
    title: "A text of another kind",
    text: ({ subject, type, text }) =>
      `${subject ? `\`${subject}\`` : "this"} wants ${type}, and \`${text}\` is none`,
    label: ({ type }) => `not ${type}`,
    help: ({ type, written, meant }) =>
      meant ? `write \`${written}\`` : `${type} is written like \`${written}\``,
  }),
} as const;
