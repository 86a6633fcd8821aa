/** Output as the manual shows it. */

/** `…` stands for anything; a line of nothing else for any lines. */
export function shows(shown: string): RegExp {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const rows = shown.trimEnd().split("\n");
  return new RegExp(
    rows
      .map((row) => (row.trim() === "…" ? "(?:.*\\n)*?" : `${row.split("…").map(escaped).join(".*")}\\n`))
      .join(""),
  );
}
