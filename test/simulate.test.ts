/** The example in the simulator: what a name server owes its clients on a bad network, and captures that others read. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  askUdp,
  Cable,
  Capture,
  type Conditions,
  dnsQuestion,
  HOUR,
  Host,
  Machine,
  MILLISECOND,
  ping,
  readDnsAnswer,
  SECOND,
  Simulation,
  Switch,
  Trace,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";

const SERVER = "10.0.2.15";
const SEEDS = Number(process.env["SIMULATE_SEEDS"] ?? 300);
let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("examples/ns1/ns1.appl@kvm");
});

function network(seed: number, conditions: Partial<Conditions> = {}) {
  const simulation = new Simulation({ seed });
  const ns1 = new Machine(simulation, { name: "ns1", program });
  const client = new Host(simulation, { name: "client", address: "10.0.2.2/24" });
  const cable = new Cable(simulation, client.port, ns1.port, conditions);
  ns1.switchOn();
  return { simulation, ns1, client, cable };
}

const names = ["www.example.com", "example.com", "mail.example.com", "missing.example.com", "example.net"];
const asked = [...names, "x.dyn.example.org", "www.example.org", "host.dev.example.org", "example.org"];
const questions = asked.flatMap((name, n) =>
  ["A", "MX", "TXT"].map((type, m) => dnsQuestion(name, type, 256 * n + m + 1)!),
);

/** Asks everything, 7 ms apart, each until there is an answer with its number. */
function askAll({ simulation, client, ns1 }: ReturnType<typeof network>) {
  const memory = ns1.memory.buffer.byteLength;
  const all: ReturnType<typeof askUdp>[] = [];
  questions.forEach((question, n) => {
    const accept = (answer: Uint8Array) => answer[0] === question[0] && answer[1] === question[1];
    simulation.at(n * 7 * MILLISECOND, () =>
      all.push(askUdp(client, SERVER, 53, question, { tries: 30, timeout: 300 * MILLISECOND, accept })),
    );
  });
  simulation.run(12 * SECOND);
  expect(ns1.memory.buffer.byteLength).toBe(memory);
  expect(ns1.devices[0]!.held).toEqual({ received: 0, sending: 0 });
  return all;
}

describe("a name server behind a bad network", () => {
  const bad: Readonly<Record<string, Partial<Conditions>>> = {
    "1 % lost, twice and late": { loss: 0.01, duplication: 0.01, reordering: 0.01 },
    "every fifth lost, twice and late": {
      loss: 0.2,
      duplication: 0.2,
      reordering: 0.2,
      jitter: 5 * MILLISECOND,
      bandwidth: 1e6,
    },
  };

  test.each(Object.entries(bad))(
    `%s: every answer is the one of a good network, with ${SEEDS} seeds`,
    (_, conditions) => {
      const right = askAll(network(0)).map(({ answer }) => answer);
      expect(new Set(right.map((answer) => readDnsAnswer(answer!)!.rcode))).toEqual(
        new Set(["NOERROR", "NXDOMAIN", "REFUSED"]),
      );
      let again = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const all = askAll(network(seed, { delay: 20 * MILLISECOND, ...conditions }));
        all.forEach(({ answer, tries }, n) => {
          if (answer === undefined || !Buffer.from(answer).equals(Buffer.from(right[n]!)))
            throw new Error(`seed ${seed}, question ${n}, after ${tries} tries: ${answer}`);
          again += tries - 1;
        });
      }
      expect(again).toBeGreaterThan(SEEDS / 10);
    },
  );

  test("one bit of every second frame is wrong: what comes is right all the same", () => {
    const right = askAll(network(0)).map(({ answer }) => answer);
    for (let seed = 1; seed <= SEEDS / 10; seed++) {
      const all = network(seed);
      // ARP has no checksum: who knows the other's address before need not believe a garbled one.
      ping(all.client, SERVER);
      all.simulation.run(3 * SECOND);
      all.cable.set({ corruption: 0.5 });
      const answers = askAll(all).flatMap(({ answer }, n) =>
        answer === undefined ? [] : [[answer, right[n]]],
      );
      expect(answers.length).toBeGreaterThan(questions.length * 0.9);
      for (const [answer, other] of answers) expect(answer).toEqual(other);
    }
  });

  test("it says nothing while it is cut off, and answers when it is not any more", () => {
    const all = network(1);
    const { simulation, client, cable, ns1 } = all;
    simulation.run(SECOND);
    const reached = () => {
      const question = ping(client, SERVER);
      simulation.run(2 * SECOND);
      return question.answers;
    };
    expect(reached()).toBe(1);
    cable.cut();
    expect([reached(), reached()]).toEqual([0, 0]);
    cable.heal();
    expect(reached()).toBe(1);
    // One direction: what is asked arrives, what is answered does not.
    const turns = ns1.turns;
    cable.back.isCut = true;
    expect(reached()).toBe(0);
    expect(ns1.turns).toBeGreaterThan(turns);
    cable.back.isCut = false;
    expect(reached()).toBe(1);
    expect(ns1.devices[0]!.held).toEqual({ received: 0, sending: 0 });
  });

  test("somebody who knows it, and somebody who must ask for its address, are cut off and come back", () => {
    const simulation = new Simulation();
    const ns1 = new Machine(simulation, { name: "ns1", program });
    const middle = new Switch(simulation, "switch");
    const uplink = new Cable(simulation, middle.port(), ns1.port);
    const [old, late] = [2, 3].map((n) => {
      const host = new Host(simulation, { name: `host${n}`, address: `10.0.2.${n}/24` });
      new Cable(simulation, host.port, middle.port());
      return host;
    });
    ns1.switchOn();
    const first = ping(old!, SERVER);
    simulation.run(SECOND);
    uplink.cut();
    const tries = { tries: 10, timeout: SECOND };
    const all = [ping(old!, SERVER, tries), ping(late!, SERVER, tries)];
    simulation.run(4 * SECOND);
    expect(all.map(({ answers }) => answers)).toEqual([0, 0]);
    uplink.heal();
    simulation.run(10 * SECOND);
    expect([first, ...all].map(({ answers }) => answers > 0)).toEqual([true, true, true]);
  });
});

test("nobody waits for an hour in which nothing happens", () => {
  const { simulation, ns1 } = network(1);
  simulation.run(10 * SECOND);
  const [happened, turns] = [simulation.happened, ns1.turns];
  simulation.run(1000 * HOUR);
  expect([simulation.happened - happened, ns1.turns - turns]).toEqual([0, 0]);
});

test("tshark and tcpdump read a capture and find nothing wrong with it", () => {
  const all = network(3, { delay: 5 * MILLISECOND });
  const capture = new Capture(all.simulation);
  const trace = new Trace(all.simulation);
  askAll(all);
  ping(all.client, SERVER, { size: 4000 });
  all.simulation.run(SECOND);
  const path = join(temporaryFolder(), "ns1.pcapng");
  writeFileSync(path, capture.bytes());
  const tshark = (...args: string[]) =>
    execFileSync(
      "tshark",
      ["-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", ...args],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    )
      .trim()
      .split("\n")
      .filter((line) => line !== "");
  const frames = trace.events.filter(({ kind }) => kind === "sent");
  expect(tshark("-T", "fields", "-e", "frame.interface_name").toSorted()).toEqual(
    frames.flatMap((event) => ("port" in event ? [event.port.name] : [])).toSorted(),
  );
  const complaints =
    "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0 || _ws.expert.severity >= 0x600000";
  // That a question was refused it notes, and that is right.
  expect(tshark("-Y", `(${complaints}) && dns.flags.rcode != 5`)).toEqual([]);
  expect(tshark("-Y", `(${complaints}) && !dns`)).toEqual([]);
  expect(tshark("-Y", "dns.flags.response == 1").length).toBe(questions.length);
  const [first] = tshark("-T", "fields", "-e", "frame.time_epoch");
  expect(first).toBe("1767225600.000000000");
  const text = execFileSync("tcpdump", ["-nvr", path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(text).not.toMatch(/bad|incorrect|wrong|malformed/);
});
