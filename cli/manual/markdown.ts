/** Pieces of generated pages of the manual. */

export const bullets = (rows: readonly (readonly [string, string | undefined])[]): string =>
  rows.map(([name, docs]) => `- \`${name}\`${docs === undefined ? "" : `: ${docs}`}`).join("\n");

/** Backquotes are never part of the language, so nothing has to be escaped but the bars of a table. */
export const code = (text: string): string => `\`${text}\``;

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
