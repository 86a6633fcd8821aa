/** A password: from a file, or typed in. Never from the command line or the environment, which others can see. */
import { readFileSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { CommandError, inputError } from "../exit.ts";
import { reasonOf } from "../inputs.ts";
import type { Terminal } from "../terminal.ts";

export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  off(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  /** Takes back what was typed ahead. */
  unshift(bytes: Uint8Array): unknown;
  resume(): unknown;
  pause(): unknown;
}

const LONGEST = 4096;
/** As a shell has it of a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

export async function password(
  file: unknown,
  asked: string,
  terminal: Terminal,
  keyboard: Keyboard = process.stdin,
): Promise<string> {
  if (file !== undefined) return firstLine(String(file));
  if (keyboard.isTTY !== true)
    throw inputError(
      "a password is wanted, and there is no terminal to ask for it",
      "put it into a file that only you can read: --password-file FILE",
    );
  return typed(asked, terminal, keyboard);
}

/** It may be a pipe: what a password manager prints. */
function firstLine(file: string): string {
  const [line] = contentOf(file).split(/\r?\n/);
  if (line === undefined || line === "") throw inputError(`there is no password in \`${file}\``);
  return line;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw inputError(`cannot read \`${file}\`: ${reasonOf(error)}`);
  }
}

/** What is typed is not shown. */
function typed(asked: string, terminal: Terminal, keyboard: Keyboard): Promise<string> {
  terminal.error(`${asked}: `);
  keyboard.setRawMode(true);
  const decoder = new StringDecoder("utf8");
  let text: string[] = [];
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => {
      keyboard.off("data", listener);
      keyboard.setRawMode(false);
      keyboard.pause();
      terminal.error("\n");
      finish();
    };
    const listener = (bytes: Uint8Array) => {
      const signs = [...decoder.write(Buffer.from(bytes))];
      for (const [at, sign] of signs.entries()) {
        if (sign === "\r" || sign === "\n" || sign === "\x04") {
          end(() => resolve(text.join("")));
          const ahead = signs.slice(at + 1).join("");
          if (ahead !== "") keyboard.unshift(Buffer.from(ahead));
          return;
        }
        if (sign === "\x03") return end(() => reject(new CommandError(INTERRUPTED, "interrupted")));
        if (sign === "\x7f" || sign === "\b") text.pop();
        else if (sign === "\x15") text = [];
        else if (text.length < LONGEST) text.push(sign);
      }
    };
    keyboard.on("data", listener);
    keyboard.resume();
  });
}
