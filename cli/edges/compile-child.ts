/** What `npm run build` runs last: keeps what V8 makes of the program, with all that looking at a description needs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BundledProgram, COMPILED } from "./bundled-program.ts";

const program = new BundledProgram(import.meta);
const { main } = program.run();
const silent = () => {};
const terminal = {
  out: silent,
  error: silent,
  progress: silent,
  quiet: silent,
  colours: false,
  interactive: false,
};
const code = await main(["eval", "examples/ns1/ns1.appl@kvm"], terminal);
if (code !== 0) throw new Error(`BUG: the program ended with ${code}`);
writeFileSync(join(import.meta.dirname, COMPILED), program.compiled());
