/** What a module of a test has in place of the generated `./needs/log`: it may say everything. */
import { begin, beginAside } from "./index";

export * from "./index";

export function at(level: u32): bool {
  begin(level, "test");
  return true;
}

export function aside(level: u32): bool {
  beginAside(level, "test");
  return true;
}
