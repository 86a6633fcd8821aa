/** What whoever runs the program has for its slots. */
import { Bytes } from "../../../stdlib/core/bytes";
import { refuse as end, givenForm, givenRead, givenSize, givenTexts } from "./simulator";

export function texts(): i32 {
  return givenTexts();
}

export function form(n: i32): i32 {
  return givenForm(n);
}

export function size(n: i32): u32 {
  return givenSize(n);
}

export function read(n: i32, to: Bytes): void {
  givenRead(n, to.pointer(0, to.length));
}

export function place(_n: i32): string {
  return "as it is given";
}

export function how(): string {
  return '-p NAME=VALUE and --secret NAME=FILE of appl simulate, or given = { "SLOT" => "VALUE" } in a simulate block';
}

export function refuse(): void {
  end();
}
