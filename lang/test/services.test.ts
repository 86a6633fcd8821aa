/** Mistakes that the rules of the standard library find: whole descriptions against the real interfaces. */
import { configure, type Files, MemoryFiles, renderAll, Sources } from "#lang";
import { someMachine } from "./libraries.ts";
import { repositoryFiles, standardLibraries } from "./standard-libraries.ts";
import { golden } from "./syntax-golden.ts";

golden(new URL("services/", import.meta.url), (input) => {
  const own = new MemoryFiles({ "t.appl": input, "chain.pem": "-----BEGIN CERTIFICATE-----\n" });
  const files: Files = {
    read: (path) => own.read(path) ?? repositoryFiles.read(path),
    list: (path) => own.list(path),
  };
  const { diagnostics } = configure({
    path: "t.appl",
    files,
    libraries: standardLibraries,
    machines: someMachine,
  });
  return diagnostics.length === 0 ? "no errors\n" : renderAll(diagnostics, new Sources(files));
});
