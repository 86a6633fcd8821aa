/** A network with a router, a DHCPv6 server by script and an appliance that asks it, for tests. */
import {
  type Advertisement,
  Cable,
  type Dhcp6Message,
  Dhcp6Server,
  type Dhcp6ServerOptions,
  Host,
  Host6,
  Machine,
  ping,
  Router6,
  readAssociation6,
  SECOND,
  Simulation,
  Switch,
  Trace,
} from "#simulate";

export const ADDRESS = "2001:db8:77::100";
export const SERVER = "fe80::2";
/** The next one that the server has. */
export const NEXT = "2001:db8:77::101";
/** What the console says of an address. */
export const held = (address: string, seconds: number, server = SERVER): string =>
  `eth0: ${address} by DHCPv6 from ${server}, for ${seconds} s`;
export const HELD = held(ADDRESS, 86400);
export const SILENT = "eth0: no DHCPv6 server answers, and they are asked on";
/** What a router says in networks where addresses are a server's to give. */
export const MANAGED: Advertisement = {
  isManaged: true,
  isOther: true,
  prefixes: [{ prefix: "2001:db8:77::", isAutonomous: false }],
};

/** A switch with a router and a server; the appliance is switched on by the test, so that the network may be made worse before. */
export function dhcp6Network(
  program: WebAssembly.Module,
  options: Partial<Dhcp6ServerOptions> = {},
  said: Advertisement = MANAGED,
  seed = 1,
) {
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation);
  const middle = new Switch(simulation, "switch");
  const machine = new Machine(simulation, { name: "asking", program });
  const cable = new Cable(simulation, machine.port, middle.port());
  const join = (name: string, ...addresses: readonly [string, ...string[]]) => {
    const host = new Host(simulation, { name, address: "0.0.0.0/32" });
    new Cable(simulation, host.port, middle.port());
    return new Host6(host, { addresses });
  };
  const host = new Host(simulation, { name: "router", address: "0.0.0.0/32" });
  new Cable(simulation, host.port, middle.port());
  const router = new Router6(host, { addresses: ["fe80::1", "2001:db8:77::1"], ...said });
  const pool = [ADDRESS, NEXT, "2001:db8:77::102"];
  const serve = (name: string, address: string, own: Partial<Dhcp6ServerOptions> = {}) =>
    new Dhcp6Server(join(name, address).host, { pool, ...own });
  const server = serve("server", SERVER, options);
  return {
    simulation,
    trace,
    machine,
    router,
    cable,
    server,
    join,
    serve,
    /** What people were told of what is not found out by neighbour discovery. */
    get said() {
      return machine.console.slice(1).flatMap(({ text }) => (/ [0-9a-f:]{17}$/.test(text) ? [] : [text]));
    },
    /** Whether it answers at an address. */
    answers(address: string) {
      const question = ping(router.host, address, { tries: 2 });
      simulation.run(3 * SECOND);
      return question.answer !== undefined;
    },
  };
}

/** Such a network ten seconds after the appliance was switched on: its address is in use. */
export function runningDhcp6(program: WebAssembly.Module, options: Partial<Dhcp6ServerOptions> = {}) {
  const net = dhcp6Network(program, options);
  net.machine.switchOn();
  net.simulation.run(10 * SECOND);
  if (!net.said.at(-1)?.includes(`eth0: ${ADDRESS} by DHCPv6`))
    throw new Error(`no address: ${net.said.join("; ")}`);
  return net;
}

/** The address that a message asks for, confirms or gives. */
export const addressIn = (message: Dhcp6Message): string | undefined =>
  message.options.map(readAssociation6).find((each) => each !== undefined)?.address;
export const codesOf = (message: Dhcp6Message): number[] => message.options.map(({ code }) => code);

export { macOf } from "./dhcp-network.ts";

export const contentOf = ({ options }: Dhcp6Message, code: number): Uint8Array | undefined =>
  options.find((each) => each.code === code)?.content;

/** The message without an option. */
export const without = (message: Dhcp6Message, code: number): Dhcp6Message => ({
  ...message,
  options: message.options.filter((each) => each.code !== code),
});

/** With other options in the place of those that have the same codes. */
export const changed = (
  message: Dhcp6Message,
  ...options: readonly Dhcp6Message["options"][number][]
): Dhcp6Message => ({
  ...message,
  options: [...message.options.filter(({ code }) => options.every((each) => each.code !== code)), ...options],
});
