/** A network with a DHCP server by script and an appliance that asks it, for tests. */
import {
  Cable,
  type DhcpMessage,
  DhcpServer,
  type DhcpServerOptions,
  Host,
  Machine,
  ping,
  SECOND,
  Simulation,
  Switch,
  Trace,
} from "#simulate";

export const ADDRESS = "10.0.2.15";
export const ROUTER = "10.0.2.2";
export const EVERYBODY = "ff:ff:ff:ff:ff:ff";
export const HELD = `eth0: ${ADDRESS}/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 86400 s`;

/** A switch with a server; the appliance is switched on by the test, so that the network may be made worse before. */
export function dhcpNetwork(program: WebAssembly.Module, options: Partial<DhcpServerOptions> = {}, seed = 1) {
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation);
  const middle = new Switch(simulation, "switch");
  const machine = new Machine(simulation, { name: "asking", program });
  const host = new Host(simulation, { name: "router", address: `${ROUTER}/24` });
  const cable = new Cable(simulation, machine.port, middle.port());
  new Cable(simulation, host.port, middle.port());
  const server = new DhcpServer(host, { pool: [ADDRESS, "10.0.2.16", "10.0.2.17"], ...options });
  const join = (name: string, address: string) => {
    const other = new Host(simulation, { name, address: `${address}/24` });
    new Cable(simulation, other.port, middle.port());
    return other;
  };
  return {
    simulation,
    trace,
    machine,
    host,
    cable,
    server,
    join,
    /** What people were told, but for the first line. */
    get said() {
      return machine.console.slice(1).map(({ text }) => text);
    },
    /** Whether it answers at an address. */
    answers(address: string, from = host) {
      const question = ping(from, address, { tries: 2 });
      simulation.run(3 * SECOND);
      return question.answer !== undefined;
    },
  };
}

/** The hardware address as servers see it. */
export const macOf = ({ devices }: Machine) =>
  devices[0]!.mac
    .toString(16)
    .padStart(12, "0")
    .replace(/..(?=.)/g, "$&:");

/** An answer with other options. */
export const changed = (
  answer: DhcpMessage,
  changes: Record<number, readonly number[] | undefined>,
): DhcpMessage => {
  const options = new Map(answer.options);
  for (const [code, value] of Object.entries(changes))
    if (value === undefined) options.delete(Number(code));
    else options.set(Number(code), value);
  return { ...answer, options };
};
