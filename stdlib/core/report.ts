/** What `prepare` tells the person who wrote the description. An error ends the build, but not `prepare`: it goes on and finds the next. */
import { File } from "./values";

const WARNING = 0;
const ERROR = 1;

/** Implemented by the compiler. `path` empty: `at` is the number of a position in the description; else line, column (from 1) and length in that file. */
export declare function diagnose(
  severity: i32,
  code: string,
  path: string,
  at: i32,
  line: i32,
  column: i32,
  length: i32,
  message: string,
  help: string,
): void;

/** `at` is the field of that name of a settings object. `help` may be empty. */
export function error(code: string, at: i32, message: string, help: string): void {
  diagnose(ERROR, code, "", at, 0, 0, 0, message, help);
}

export function warning(code: string, at: i32, message: string, help: string): void {
  diagnose(WARNING, code, "", at, 0, 0, 0, message, help);
}

export function errorIn(code: string, file: File, line: i32, column: i32, length: i32, message: string, help: string): void {
  diagnose(ERROR, code, file.path, 0, line, column, length, message, help);
}

export function warningIn(code: string, file: File, line: i32, column: i32, length: i32, message: string, help: string): void {
  diagnose(WARNING, code, file.path, 0, line, column, length, message, help);
}
