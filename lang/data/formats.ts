/** Which format a file has, by the ending of its name, and what is in it. */
import { parseTable, type Table } from "./csv.ts";
import { parseJson } from "./json.ts";
import { type DataFault, type Node, Unreadable } from "./node.ts";
import { parseToml } from "./toml.ts";
import { parseYaml } from "./yaml.ts";

export type Format = "JSON" | "YAML" | "TOML" | "CSV" | "TSV";

const endings: Readonly<Record<string, Format>> = {
  json: "JSON",
  yaml: "YAML",
  yml: "YAML",
  toml: "TOML",
  csv: "CSV",
  tsv: "TSV",
};

export const knownEndings: readonly string[] = Object.keys(endings).map((ending) => `.${ending}`);

/** Undefined for an ending that is none of ours. */
export function formatOf(path: string): Format | undefined {
  const ending = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined;
}

export type Content = { readonly node: Node } | { readonly table: Table } | { readonly fault: DataFault };

/** Never throws for what is in the text. */
export function readData(format: Format, text: string): Content {
  try {
    switch (format) {
      case "JSON":
        return { node: parseJson(text) };
      case "YAML":
        return { node: parseYaml(text) };
      case "TOML":
        return { node: parseToml(text) };
      case "CSV":
        return { table: parseTable(text, ",") };
      case "TSV":
        return { table: parseTable(text, "\t") };
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { start, end } = error.fault;
    return {
      fault: { ...error.fault, start: Math.min(start, text.length), end: Math.min(end, text.length) },
    };
  }
}
