/** Helps say what to write in a description; in a file of data it is written in that file's way. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Format } from "./formats.ts";

export function inNotation(diagnostic: Diagnostic, format: Format): Diagnostic {
  return { ...diagnostic, helps: diagnostic.helps.map(({ text }) => ({ text: helpIn(text, format) })) };
}

function helpIn(text: string, format: Format): string {
  const added = /^add `(\w+) = (.*)`$/s.exec(text);
  if (added) return `add ${field(added[1]!, added[2]!, format)}`;
  if (format !== "JSON" && format !== "TOML") return text;
  return /^(write|did you mean|the network that|give the machine's)/.test(text) &&
    !text.includes("without quotes")
    ? text.replace(/`([^`]+)`/g, (_, code: string) => `\`${value(code)}\``)
    : text;
}

function field(name: string, example: string, format: Format): string {
  switch (format) {
    case "JSON":
      return `\`"${name}": ${value(example)}\``;
    case "YAML":
      return `\`${name}: ${example.replace(/^"([\w. -]*)"$/, "$1")}\``;
    case "TOML":
      return `\`${name} = ${value(example)}\``;
    default:
      return `a value in the column \`${name}\``;
  }
}

/** What JSON and TOML have no notation for is a text there. */
function value(code: string): string {
  const known = /^(-?\d+(\.\d+)?|true|false|".*"|\{.*\}|[a-z_]\w*)$/s.test(code);
  const list = /^\[(.*)\]$/s.exec(code);
  if (list && !/[,[{]/.test(list[1]!)) return list[1] === "" ? "[]" : `[${value(list[1]!)}]`;
  return known ? code : `"${code}"`;
}
