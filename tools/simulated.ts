/** Programs for the simulator: appliances from descriptions, and the network stack with a small service of a test on it. */
import { buildSubject, type Subject, subjectOf } from "../cli/session.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import { type AsProgram, compileAs } from "./load-as.ts";
import { stackOf } from "./stack-needs.ts";

/** The appliance that a reference names (`examples/ns1/ns1.appl@kvm`), as the simulator runs it. */
export async function simulatedAppliance(
  reference: string,
  params: Subject["params"] = {},
): Promise<WebAssembly.Module> {
  return new WebAssembly.Module((await simulatedImage(reference, params)) as BufferSource);
}

/** The same as bytes: what its memory holds lies there as it is. */
export async function simulatedImage(reference: string, params: Subject["params"] = {}): Promise<Uint8Array> {
  const subject = subjectOf(reference, params);
  const { built, diagnostics } = await buildSubject(subject, recordingTerminal(), { simulated: true });
  if (built === undefined)
    throw new Error(
      `${reference} is not built: ${diagnostics.map(({ code, text }) => `${code} ${text}`).join("; ")}`,
    );
  return built.image;
}

/**
 * Sources of AssemblyScript with the stack below them, on the simulator's drivers. The entry exports `start` and `poll(now: u64): u64` as an appliance
 * does; what else it exports is for `MachineOptions.prepare` and for the test.
 */
export async function simulatedProgram(program: AsProgram): Promise<WebAssembly.Module> {
  const stack = stackOf("backends/simulate/drivers");
  const needs = { ...stack.needs, ...program.needs };
  const parts = { ...stack.parts, ...program.parts };
  return new WebAssembly.Module((await compileAs({ ...program, needs, parts })) as BufferSource);
}
