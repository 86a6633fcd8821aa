/** Name servers that DHCPv6 and routers tell of, and how long they are asked: RFC 3646, 8106, 9915 18.2.10.4. */
import { beforeAll, expect, test } from "vitest";
import {
  type Advertisement,
  Cable,
  Dhcp6Server,
  type Dhcp6ServerOptions,
  HOUR,
  Host,
  Host6,
  Machine,
  MINUTE,
  Router6,
  SECOND,
  Simulation,
  Switch,
} from "#simulate";
import { simulatedProgram } from "#tools/simulated";
import { stackOf } from "#tools/stack-needs";

const entry = `
import * as link from "./backends/simulate/drivers/link";
import * as ethernet from "./stdlib/net/ethernet/index";
import * as dhcp6 from "./stdlib/net/dhcp6/index";
import * as ndp from "./stdlib/net/ndp/index";
import * as resolvers from "./stdlib/net/resolvers/index";
import * as slaac from "./stdlib/net/slaac/index";
import * as stack6 from "./stdlib/net/stack6/index";

export function configure(written: u64): void {
  assert(stack6.configure("eth0", 1500));
  slaac.enable("eth0");
  dhcp6.configure("eth0", "");
  if (written != 0) assert(resolvers.add(2, -1, 4, 0, written));
}
export function count(now: u64): i32 { return resolvers.count(now); }
export function low(index: i32): u64 { return resolvers.resolver(index).low; }
export function start(): void {
  link.start();
  ethernet.start();
  ndp.start();
  slaac.start();
  dhcp6.start();
}
export function poll(now: u64): u64 {
  ethernet.poll(now);
  ndp.poll(now);
  slaac.poll(now);
  dhcp6.poll(now);
  return min(min(ethernet.deadline(), ndp.deadline()), min(slaac.deadline(), dhcp6.deadline()));
}
`;

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedProgram({
    entry: "resolvers.ts",
    files: { "resolvers.ts": entry },
    ...stackOf("backends/simulate/drivers", { ipv4: false, ipv6: true }),
  });
});

const PREFIX = "2001:db8:77::";
const server = (number: number) => `2001:db8:53::${number.toString(16)}`;

/** The last parts of the addresses that are asked now. */
function network(said: Advertisement, options: Partial<Dhcp6ServerOptions> = {}, written = 0n) {
  const simulation = new Simulation({ seed: 1 });
  const middle = new Switch(simulation, "switch");
  const prepare = (exports: Machine["exports"]) => exports["configure"](written);
  const machine = new Machine(simulation, { name: "asking", program, prepare });
  const cable = new Cable(simulation, machine.port, middle.port());
  const join = (name: string) => {
    const host = new Host(simulation, { name, address: "0.0.0.0/32" });
    new Cable(simulation, host.port, middle.port());
    return host;
  };
  const router = new Router6(join("router"), { addresses: ["fe80::1"], ...said });
  const { host } = new Host6(join("server"), { addresses: ["fe80::2"] });
  const dhcp = new Dhcp6Server(host, { pool: [`${PREFIX}100`], ...options });
  machine.switchOn();
  simulation.run(10 * SECOND);
  const asked = () => {
    const count = Number(machine.exports["count"](BigInt(simulation.now)));
    return Array.from({ length: count }, (_, n) => Number(machine.exports["low"](n)));
  };
  return { simulation, router, dhcp, cable, asked };
}

test("routers' and servers' stand side by side", () => {
  const prefixes = [{ prefix: PREFIX, isAutonomous: false }];
  const net = network({ isManaged: true, nameServers: [server(1)], prefixes }, { nameServers: [server(2)] });
  expect(net.asked()).toEqual([1, 2]);
});

test("those of a server come with O alone, too; of each source four are kept", () => {
  const six = Array.from({ length: 6 }, (_, n) => server(n + 1));
  expect(network({ isOther: true }, { nameServers: six }).asked()).toEqual([1, 2, 3, 4]);
  expect(network({ nameServers: six }).asked()).toEqual([1, 2, 3, 4]);
  expect(network({ nameServers: ["::1", "ff02::1", server(9)] }).asked()).toEqual([9]);
});

test("what a router tells ends with its time, or when it says so", () => {
  const net = network({ nameServers: [server(1), server(2)] });
  net.router.said = { nameServers: [server(2)] };
  net.simulation.run(30 * MINUTE);
  expect(net.asked()).toEqual([2]);
  net.router.said = { nameServers: [server(2)], nameServersFor: 0 };
  net.simulation.run(6 * MINUTE);
  expect(net.asked()).toEqual([]);
});

test("what a server tells is what it told last, and goes with the address", () => {
  const said = { isManaged: true };
  const net = network(said, { nameServers: [server(1)], valid: 3600, preferred: 2000 });
  expect(net.asked()).toEqual([1]);
  net.dhcp.options = { ...net.dhcp.options, nameServers: [server(2), server(3)] };
  net.simulation.run(1200 * SECOND);
  expect(net.asked()).toEqual([2, 3]);
  net.dhcp.isOn = false;
  net.simulation.run(2 * HOUR);
  expect(net.asked()).toEqual([]);
});

test("who has them written listens to nobody", () => {
  const net = network(
    { isManaged: true, nameServers: [server(1)] },
    { nameServers: [server(2)] },
    0x0a000001n,
  );
  expect(net.asked()).toEqual([0x0a000001]);
});
