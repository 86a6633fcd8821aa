/** A primary and its copy in virtual time: what happens when the cable between them is cut, when the primary starts anew, and when the copy does. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  askUdp,
  Cable,
  dnsQuestion,
  Host,
  Machine,
  MILLISECOND,
  SECOND,
  Simulation,
  Switch,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";

const description = (serial: number, www: string) => `appl 1

use std/net
use std/dns

appliance primary {
  net eth0 { address = 10.0.0.1/24 }
  dns {
    zone "z.test" {
      primary {
        soa { mname = "ns"; rname = "h@z.test"; serial = at(${serial}); refresh = 30s; retry = 5s; expire = 120s }
        ns = ["ns"]
        host "ns"  { address = [10.0.0.1] }
        host "www" { address = [${www}] }
        for n in 1..500 { host "host\${n}" { address = [10.1.0.1] } }
      }
      transfer { to = [10.0.0.2] }
    }
  }
}

appliance copy {
  net eth0 { address = 10.0.0.2/24 }
  dns { zone "z.test" { secondary { from = [10.0.0.1] } } }
}
`;

let first: WebAssembly.Module;
let second: WebAssembly.Module;
let copy: WebAssembly.Module;
beforeAll(async () => {
  const program = (name: string, appliance: string, text: string) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, text);
    return simulatedAppliance(`${path}:${appliance}@linux`);
  };
  first = await program("first.appl", "primary", description(1, "10.2.0.1"));
  second = await program("second.appl", "primary", description(2, "10.2.0.2"));
  copy = await program("first.appl", "copy", description(1, "10.2.0.1"));
}, 120_000);

function network(seed: number, loss = 0) {
  const simulation = new Simulation({ seed });
  const hub = new Switch(simulation, "hub");
  const client = new Host(simulation, { name: "client", address: "10.0.0.9/24" });
  new Cable(simulation, client.port, hub.port());
  const plug = (name: string, program: WebAssembly.Module) => {
    const machine = new Machine(simulation, { name, program });
    const cable = new Cable(simulation, machine.port, hub.port(), { loss, delay: MILLISECOND });
    return { machine, cable };
  };
  /** RCODE and the last byte, which is that of an address. */
  const ask = (): readonly [number, number] => {
    const question = dnsQuestion("www.z.test", "A", 7)!;
    const asked = askUdp(client, "10.0.0.2", 53, question, { tries: 20, timeout: 200 * MILLISECOND });
    simulation.until(() => asked.answer !== undefined, 5 * SECOND);
    return [asked.answer![3]! & 15, asked.answer!.at(-1)!];
  };
  return { simulation, plug, ask };
}

test("a copy outlives a cut cable until it expires, and comes back with it", () => {
  const { simulation, plug, ask } = network(1);
  const primary = plug("primary", first);
  const secondary = plug("copy", copy);
  secondary.machine.switchOn();
  simulation.run(3 * SECOND);
  expect(ask()[0]).toBe(2);
  primary.machine.switchOn();
  simulation.run(10 * SECOND);
  expect(ask()).toEqual([0, 1]);
  primary.cable.cut();
  simulation.run(90 * SECOND);
  expect(ask()).toEqual([0, 1]);
  simulation.run(60 * SECOND);
  expect(ask()[0]).toBe(2);
  primary.cable.heal();
  simulation.run(15 * SECOND);
  expect(ask()).toEqual([0, 1]);
});

test("a primary that starts with a new version tells of it; a copy that starts anew has nothing at first", () => {
  const { simulation, plug, ask } = network(2);
  const primary = plug("primary", first);
  const secondary = plug("copy", copy);
  primary.machine.switchOn();
  secondary.machine.switchOn();
  simulation.run(5 * SECOND);
  expect(ask()).toEqual([0, 1]);
  primary.machine.switchOff();
  plug("new", second).machine.switchOn();
  simulation.run(3 * SECOND);
  expect(ask()).toEqual([0, 2]);
  secondary.machine.switchOff();
  secondary.machine.switchOn();
  expect(ask()[0]).toBe(2);
  simulation.run(5 * SECOND);
  expect(ask()).toEqual([0, 2]);
});

test("with a tenth of all frames lost it comes all the same, for each of fifty seeds", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { simulation, plug, ask } = network(seed, 0.1);
    plug("primary", first).machine.switchOn();
    plug("copy", copy).machine.switchOn();
    simulation.run(60 * SECOND);
    expect(ask(), `seed ${seed}`).toEqual([0, 1]);
  }
}, 60_000);
