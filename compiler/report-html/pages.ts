/** The pages, loaded when somebody wants one. */
import type { Objects } from "../diff/walk.ts";
import type { Compared } from "./difference-page.ts";
import type { Inspected } from "./inspect-page.ts";

export async function inspectPage(inspected: Inspected, objects: Objects): Promise<string> {
  return (await import("./inspect-page.ts")).inspectPage(inspected, objects);
}

export async function differencePage(compared: Compared, objects: Objects): Promise<string> {
  return (await import("./difference-page.ts")).differencePage(compared, objects);
}
