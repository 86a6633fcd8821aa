/** The AssemblyScript compiler in a process of its own: one message in, one out, until the parent lets go. */
import asc from "assemblyscript/asc";
import { type Asc, type AssembleRequest, runAsc } from "#compiler";

process.on("message", async (request: AssembleRequest) => {
  process.send?.(await runAsc(asc as unknown as Asc, request));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
