/** What the process was given for its slots: words of its command line, and files that they name. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { Form } from "../../../../stdlib/core/given";
import { refuse as end, given, giveText } from "../system";

const SIZE: u32 = 0;
const FORM: u32 = 1;
const COUNT: u32 = 2;

export function texts(): i32 {
  return <i32>given(0, COUNT);
}

export function form(n: i32): i32 {
  return <i32>given(n, FORM);
}

export function size(n: i32): u32 {
  return given(n, SIZE);
}

export function read(n: i32, to: Bytes): void {
  giveText(n, to.pointer(0, to.length));
}

export function place(n: i32): string {
  return form(n) == Form.value ? "by --secret" : "by --param or --slots";
}

export function how(): string {
  return "--param SLOT=VALUE, --secret SLOT=FILE, or lines of --slots FILE";
}

export function refuse(): void {
  end();
}
