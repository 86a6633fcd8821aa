import { MemoryFiles, parse, renderAll, Sources } from "#lang";
import { golden } from "./syntax-golden.ts";

golden(new URL("syntax-errors/", import.meta.url), (input) => {
  const sources = new Sources(new MemoryFiles({ "t.appl": input }));
  return renderAll(parse("t.appl", input).diagnostics, sources);
});
