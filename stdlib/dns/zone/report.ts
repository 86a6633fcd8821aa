import { error, errorIn, warning, warningIn } from "../../core/report";
import { File } from "../../core/values";
import { Model, NONE } from "./model";

/** An error at `span` bytes of a file from the byte `from` on. */
export function errorAt(code: string, file: File, from: i32, span: i32, message: string, help: string): void {
  errorIn(code, file, lineOf(file, from), columnOf(file, from), lengthOf(file, from, span), message, help);
}

/** An error at a record, wherever it was given. */
export function errorOf(model: Model, record: i32, code: string, message: string, help: string): void {
  const file = model.recordFile[record];
  const from = model.recordFrom[record];
  if (file == NONE) error(code, from, message, help);
  else errorAt(code, model.files[file], from, model.recordSpan[record], message, help);
}

export function warningOf(model: Model, record: i32, code: string, message: string, help: string): void {
  const file = model.recordFile[record];
  const from = model.recordFrom[record];
  if (file == NONE) {
    warning(code, from, message, help);
    return;
  }
  const source = model.files[file];
  warningIn(
    code,
    source,
    lineOf(source, from),
    columnOf(source, from),
    lengthOf(source, from, model.recordSpan[record]),
    message,
    help,
  );
}

function lineOf(file: File, offset: i32): i32 {
  let line = 1;
  for (let i = 0; i < offset; i++) if (file.bytes[i] == 0x0a) line++;
  return line;
}

/** Counted in characters from 1: bytes inside a UTF-8 character do not count. */
function columnOf(file: File, offset: i32): i32 {
  let column = 1;
  for (let i = offset; i > 0 && file.bytes[i - 1] != 0x0a; i--) {
    if ((<i32>file.bytes[i - 1] & 0xc0) != 0x80) column++;
  }
  return column;
}

/** So many bytes in characters, up to the end of the line. */
function lengthOf(file: File, from: i32, span: i32): i32 {
  let length = 0;
  const end = min(from + span, file.bytes.length);
  for (let i = from; i < end && file.bytes[i] != 0x0a; i++) if ((<i32>file.bytes[i] & 0xc0) != 0x80) length++;
  return max(length, 1);
}
