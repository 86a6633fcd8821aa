/** What an image writes, with a line below each that says where it has failed: of which source that code was made. */
import { StringDecoder } from "node:string_decoder";
import { type BuildReport, decodeLines, type Lines, trapText } from "#compiler";
import { openStore } from "../session.ts";

/** A line that has no end is not looked at any more. */
const LONGEST = 4096;

export class TrapReader {
  readonly #lines: Lines | undefined;
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  /** The line that has not ended yet. It is written already. */
  #begun = "";

  /** `lines` undefined: nothing is known of the code, and nothing is added. */
  constructor(lines: Lines | undefined, write: (text: string) => void) {
    this.#lines = lines;
    this.#write = write;
  }

  /** Everything is passed on at once. */
  read(bytes: Buffer): void {
    const [first = "", ...others] = this.#decoder.write(bytes).split("\n");
    this.#continue(first);
    for (const text of others) {
      this.#end();
      this.#continue(text);
    }
  }

  #continue(text: string): void {
    this.#write(text);
    if (this.#begun.length < LONGEST) this.#begun += text;
  }

  #end(): void {
    const said = this.#lines && trapText(this.#begun, this.#lines);
    this.#write(said === undefined ? "\n" : `\n${said}\n`);
    this.#begun = "";
  }
}

/** Undefined if this machine does not have it any more. */
export async function linesOf(report: BuildReport): Promise<Lines | undefined> {
  return decodeLines((await openStore()).blob(report.lines));
}
