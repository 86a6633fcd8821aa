/** The files of the standard library and of the backends' own ones. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./tool.ts";

/** Every `.appl` file of `stdlib/` and `backends/`, by paths like `stdlib/dns/dns.appl`, in a fixed order. */
export function libraryFiles(root = packageRoot()): readonly string[] {
  return ["stdlib", "backends"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".appl"))
        .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    )
    .toSorted();
}
