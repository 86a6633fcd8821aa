/** What an HTTP server decides about a request for one file, for tests: `200`, `206 0-4`, `304`, `412`, `416`. */
import { type AsInstance, loadAs } from "./load-as.ts";

/** The file that is asked for. */
export interface ServedFile {
  readonly size?: number;
  /** With its quotes; empty for none. */
  readonly tag?: string;
  /** Seconds since 1970; without it there is no date. */
  readonly modified?: number | undefined;
  /** False where a content has no parts. */
  readonly ranges?: boolean;
}

export type Decide = (fields: string, file?: ServedFile, method?: string) => string;

/** Puts bytes where the program reads its input, and says how many. */
export function placeInput(as: AsInstance, text: string): number {
  const bytes = Buffer.from(text, "latin1");
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
  return bytes.length;
}

/** `fields` are whole lines that end with CR LF. */
export async function loadDecisions(): Promise<{ readonly as: AsInstance; readonly decided: Decide }> {
  const as = await loadAs({ entry: "stdlib/http/testing/decide.ts" });
  const decided: Decide = (
    fields,
    { size = 1000, tag = '"abc"', modified, ranges = true } = {},
    method = "GET",
  ) => {
    const seconds = modified === undefined ? -(2n ** 63n) : BigInt(modified);
    as.exports["serve"](size, as.string(tag), seconds, 0, ranges);
    const length = placeInput(as, `${method} / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
    return as.text(as.exports["decided"](length));
  };
  return { as, decided };
}
