/** The libraries of `lang/test/libraries`, for tests: small ones in the style of the standard library. */
import { readdirSync, readFileSync } from "node:fs";
import { MemoryLibraries } from "#lang";

const folder = new URL("libraries/", import.meta.url);

export const testLibraries = new MemoryLibraries(
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".appl"))
      .sort()
      .map((name) => [
        name.replace(/\.appl$/, "").replaceAll("\\", "/"),
        readFileSync(new URL(name, folder), "utf8"),
      ]),
  ),
);
