/** Mistakes around boards, pins, sensors, rules and radios: whole descriptions against the real interfaces and boards. */
import { backends } from "#backends";
import { configure, type Files, MemoryFiles, renderAll, Sources } from "#lang";
import { machinesOf } from "../../compiler/build/configured.ts";
import { repositoryFiles, standardLibraries } from "./standard-libraries.ts";
import { golden } from "./syntax-golden.ts";

golden(new URL("things/", import.meta.url), (input) => {
  const own = new MemoryFiles({ "t.appl": input });
  const files: Files = {
    read: (path) => own.read(path) ?? repositoryFiles.read(path),
    list: (path) => own.list(path),
  };
  const machines = machinesOf(backends);
  const { diagnostics } = configure({ path: "t.appl", files, libraries: standardLibraries, machines });
  return diagnostics.length === 0 ? "no errors\n" : renderAll(diagnostics, new Sources(files));
});
