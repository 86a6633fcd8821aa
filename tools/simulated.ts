/** Programs for the simulator: appliances from descriptions, and the network stack with a small service of a test on it. */
import { buildSubject, type Subject, subjectOf } from "../cli/session.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import { type AsProgram, compileAs } from "./load-as.ts";

const drivers = "backends/simulate/drivers";

/** The appliance that a reference names (`examples/ns1/ns1.appl@kvm`), as the simulator runs it. */
export async function simulatedAppliance(
  reference: string,
  params: Subject["params"] = {},
): Promise<WebAssembly.Module> {
  const subject = subjectOf(reference, params);
  const { built, diagnostics } = await buildSubject(subject, recordingTerminal(), { simulated: true });
  if (built === undefined)
    throw new Error(
      `${reference} is not built: ${diagnostics.map(({ code, text }) => `${code} ${text}`).join("; ")}`,
    );
  return new WebAssembly.Module(built.image as BufferSource);
}

/**
 * Sources of AssemblyScript with the stack below them, on the simulator's drivers. The entry exports `start` and `poll(now: u64): u64` as an appliance
 * does; what else it exports is for `MachineOptions.prepare` and for the test.
 */
export async function simulatedProgram(program: AsProgram): Promise<WebAssembly.Module> {
  return new WebAssembly.Module(
    (await compileAs({ ...program, needs: { ...stackNeeds, ...program.needs } })) as BufferSource,
  );
}

/** What the resolver binds, with the simulator's drivers in place of devices. */
export const stackNeeds = {
  "stdlib/core/log": { console: `${drivers}/console` },
  "stdlib/net/ethernet": { link: `${drivers}/link` },
  "stdlib/net/arp": {
    ethernet: "stdlib/net/ethernet/index",
    clock: `${drivers}/clock`,
    log: "stdlib/core/log/index",
  },
  "stdlib/net/ipv4": {
    ethernet: "stdlib/net/ethernet/index",
    arp: "stdlib/net/arp/index",
    clock: `${drivers}/clock`,
    random: `${drivers}/random`,
  },
  "stdlib/net/icmp": { ipv4: "stdlib/net/ipv4/index", clock: `${drivers}/clock` },
  "stdlib/net/udp": { ipv4: "stdlib/net/ipv4/index", icmp: "stdlib/net/icmp/index" },
  "stdlib/net/tcp": {
    ipv4: "stdlib/net/ipv4/index",
    clock: `${drivers}/clock`,
    random: `${drivers}/random`,
  },
  "stdlib/net/stack": {
    ethernet: "stdlib/net/ethernet/index",
    arp: "stdlib/net/arp/index",
    ipv4: "stdlib/net/ipv4/index",
    icmp: "stdlib/net/icmp/index",
    log: "stdlib/core/log/index",
  },
} as const satisfies NonNullable<AsProgram["needs"]>;
