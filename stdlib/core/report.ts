/** What `prepare` tells the person who wrote the description. An error ends the build, but not `prepare`: it goes on and finds the next. */
import { report, reportIn } from "./prepare";
import { File } from "./values";

const ERROR = 0;
const WARNING = 1;

/** `at` is the field of that name of a settings object. `help` may be empty. */
export function error(code: string, at: i32, message: string, help: string): void {
  report(ERROR, code, at, message, help);
}

export function warning(code: string, at: i32, message: string, help: string): void {
  report(WARNING, code, at, message, help);
}

/** In a file that the description names: line, column (both from 1) and the number of characters meant. */
export function errorIn(
  code: string,
  file: File,
  line: i32,
  column: i32,
  length: i32,
  message: string,
  help: string,
): void {
  reportIn(ERROR, code, file.index, line, column, length, message, help);
}

export function warningIn(
  code: string,
  file: File,
  line: i32,
  column: i32,
  length: i32,
  message: string,
  help: string,
): void {
  reportIn(WARNING, code, file.index, line, column, length, message, help);
}
