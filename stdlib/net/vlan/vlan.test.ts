/** Interfaces in virtual networks: IEEE 802.1Q. */
import { beforeAll, expect, test } from "vitest";
import {
  askUdp,
  Cable,
  dnsQuestion,
  Host,
  hex,
  Machine,
  ping,
  SECOND,
  Simulation,
  Trace,
  Trunk,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/interfaces.appl@vm");
});

/** The appliance, and on its first device a host in each network. */
function network() {
  const simulation = new Simulation({ seed: 1 });
  const trace = new Trace(simulation);
  const machine = new Machine(simulation, { name: "three", program, nics: [{}, {}] });
  const trunk = new Trunk(simulation, "trunk");
  const cable = new Cable(simulation, machine.devices[0]!.port, trunk.port);
  const host = (name: string, address: string, vlan: number) => {
    const made = new Host(simulation, { name, address });
    new Cable(simulation, made.port, trunk.network(vlan));
    return made;
  };
  const lan = host("lan", "10.77.0.1/24", 0);
  const guests = host("guests", "10.79.0.1/24", 7);
  const strangers = [host("one", "10.79.0.8/24", 8), host("two", "10.77.0.8/24", 9)];
  machine.switchOn();
  simulation.run(2 * SECOND);
  return { simulation, trace, machine, trunk, cable, lan, guests, strangers };
}

test("each network reaches its own interface and no other", () => {
  const { simulation, lan, guests, strangers } = network();
  const asked = [
    ping(lan, "10.77.0.3"),
    ping(guests, "10.79.0.2"),
    ping(strangers[0]!, "10.79.0.2"),
    ping(strangers[1]!, "10.77.0.2"),
  ];
  simulation.run(20 * SECOND);
  expect(asked.map(({ answer }) => answer !== undefined)).toEqual([true, true, false, false]);
});

test("what it sends there has the number and the priority of the description", () => {
  const { simulation, trunk, guests } = network();
  const question = askUdp(guests, "10.79.0.2", 53, dnsQuestion("ns1.example.com", "A", 1)!);
  simulation.run(SECOND);
  expect(question.answer).toBeDefined();
  expect([...trunk.priorities]).toEqual([
    [7, 3],
    [0, 0],
  ]);
});

test("priorities of what comes do not matter, and a tag with a priority alone is none", () => {
  const { simulation, machine, lan, guests } = network();
  const got: string[] = [];
  for (const host of [lan, guests])
    host.onFrame((frame) => {
      if (frame[12] === 8 && frame[13] === 0 && frame[23] === 1) got.push(host.name);
      return undefined;
    });
  const echo = (to: string, from: string) =>
    `4500 001c 0000 0000 4001 0000 ${from} ${to} 0800 f7ff 0000 0000`;
  const frame = (tag: string, to: string, from: string) => {
    const mac = machine.devices[0]!.mac.toString(16).padStart(12, "0");
    const bytes = hex(`${mac} 020000000099 ${tag} 0800 ${echo(to, from)}`);
    const ip = 14 + hex(tag).length;
    let sum = 0;
    for (let n = ip; n < ip + 20; n += 2) sum += (bytes[n]! << 8) | bytes[n + 1]!;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    bytes[ip + 10] = (~sum >> 8) & 0xff;
    bytes[ip + 11] = ~sum & 0xff;
    return bytes;
  };
  const [lanTo, lanFrom, guestsTo, guestsFrom] = ["0a4d0002", "0a4d0063", "0a4f0002", "0a4f0063"];
  const send = (tag: string, to: string, from: string) => {
    machine.devices[0]!.port.arrive(frame(tag, to!, from!));
    simulation.run(SECOND);
    return got.splice(0);
  };
  expect(send("8100 e007", guestsTo!, guestsFrom!)).toEqual(["guests"]);
  expect(send("8100 a000", lanTo!, lanFrom!)).toEqual(["lan"]);
  expect(send("", lanTo!, lanFrom!)).toEqual(["lan"]);
  // Nobody's network, twice tagged, and cut off in the tag.
  expect(send("8100 0008", guestsTo!, guestsFrom!)).toEqual([]);
  expect(send("8100 0007 8100 0007", guestsTo!, guestsFrom!)).toEqual([]);
  machine.devices[0]!.port.arrive(frame("8100 0007", guestsTo!, guestsFrom!).subarray(0, 15));
  simulation.run(SECOND);
  expect(got).toEqual([]);
});

test("the packets of a whole run go back to the device", () => {
  const { simulation, machine, lan, guests } = network();
  for (let n = 0; n < 200; n++) {
    ping(lan, "10.77.0.2");
    ping(guests, "10.79.0.2");
  }
  simulation.run(60 * SECOND);
  expect(machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
});
