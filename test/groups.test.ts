/** Routers and switches that ask which groups of the link somebody listens to: IGMP (RFC 3376, 2236, 1112) and MLD (RFC 3810, 2710), of an appliance with multicast DNS. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  Cable,
  checksum,
  ethernet,
  Host,
  Host6,
  type Ipv4,
  ipv4,
  Machine,
  parseEthernet,
  parseIpv4,
  SECOND,
  Simulation,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/mdns.appl@linux");
}, 120_000);

function network() {
  const simulation = new Simulation();
  const machine = new Machine(simulation, { name: "box", program });
  const client = new Host(simulation, { name: "client", address: "10.77.0.1/24" });
  const six = new Host6(client, { addresses: ["fe80::1", "fd77::1"] });
  new Cable(simulation, client.port, machine.port);
  machine.switchOn();
  simulation.run(10 * SECOND);
  return { simulation, client, six };
}

describe("a router of IPv4", () => {
  const GROUP = "224.0.0.251";
  const ALL = "224.0.0.1";
  const none = [0, 0, 0, 0];
  const three = [0x11, 100, 0, 0, ...none, 2, 125, 0, 0];
  const two = [0x11, 100, 0, 0, ...none];
  const one = [0x11, 0, 0, 0, ...none];

  function summed(bytes: readonly number[]): Uint8Array {
    const message = Uint8Array.from(bytes);
    const sum = checksum(message);
    return message.with(2, sum >> 8).with(3, sum & 255);
  }

  /** What is reported within eleven seconds of each question. */
  function reported(
    questions: readonly (readonly number[])[],
    to = ALL,
    fields: Partial<Ipv4> = {},
    apart = 11,
  ) {
    const { simulation, client } = network();
    let all: string[] = [];
    client.onFrame((frame) => {
      const packet = parseIpv4(parseEthernet(frame)?.payload ?? new Uint8Array());
      if (packet?.protocol === 2) all.push(`${packet.payload[0]!.toString(16)} to ${packet.to}`);
      return false;
    });
    return questions.map((question) => {
      all = [];
      const packet = ipv4({ from: client.address, to, protocol: 2, ttl: 1, ...fields }, summed(question));
      client.sendFrame(ethernet(client.mac, `01:00:5e:00:00:${to === GROUP ? "fb" : "01"}`, 0x0800, packet));
      simulation.run(apart * SECOND);
      return all.join();
    });
  }

  test("is told in the version in which it asks", () => {
    expect(reported([three])).toEqual(["22 to 224.0.0.22"]);
    expect(reported([two])).toEqual([`16 to ${GROUP}`]);
    expect(reported([one])).toEqual([`12 to ${GROUP}`]);
  });

  test("is told in an older one while a router of that is there, and not for ever: RFC 3376 7.2.1", () => {
    expect(reported([two, three], ALL, {}, 100)).toEqual([`16 to ${GROUP}`, `16 to ${GROUP}`]);
    expect(reported([two, three], ALL, {}, 401)).toEqual([`16 to ${GROUP}`, "22 to 224.0.0.22"]);
  });

  test("may ask for one group, or be a switch that has no address: RFC 4541 2.1.1", () => {
    expect(reported([[0x11, 100, 0, 0, 224, 0, 0, 251, 2, 125, 0, 0]], GROUP)).toEqual(["22 to 224.0.0.22"]);
    expect(reported([three], ALL, { from: "0.0.0.0" })).toEqual(["22 to 224.0.0.22"]);
  });

  test("is not heard as something else, or in a group that nobody here listens to", () => {
    expect(reported([three], ALL, { protocol: 103 })).toEqual([""]);
    expect(reported([three], "224.0.0.9")).toEqual([""]);
    expect(reported([[0x17, 100, 0, 0, ...none]])).toEqual([""]);
  });
});

describe("a router of IPv6", () => {
  const SECONDS = (n: number) => (n * 1000) << 16;
  const two = new Uint8Array(20);
  const one = new Uint8Array(16);

  function reported(rests: readonly Uint8Array[], fields = {}, apart = 11) {
    const { simulation, six } = network();
    let all: string[] = [];
    six.onPacket(({ next, payload, to }) => {
      // Behind the options, of which there is a router alert alone.
      if (next === 0 && (payload[8] === 143 || payload[8] === 131)) all.push(`${payload[8]} to ${to}`);
    });
    return rests.map((rest) => {
      all = [];
      six.sendIcmp("ff02::1", 130, 0, SECONDS(10), rest, { hops: 1, from: "fe80::1", ...fields });
      simulation.run(apart * SECOND);
      return all.toSorted();
    });
  }

  test("is told in the version in which it asks", () => {
    expect(reported([two])).toEqual([["143 to ff02::16"]]);
    const [groups] = reported([one]);
    expect(groups).toContain("131 to ff02::fb");
    expect(groups!.every((group) => /^131 to ff02::(fb|1:ff)/.test(group))).toBe(true);
  });

  test("is told in the older one while a router of that is there, and not for ever: RFC 3810 8.2.1", () => {
    expect(reported([one, two], {}, 100)[1]).toContain("131 to ff02::fb");
    expect(reported([one, two], {}, 261)[1]).toEqual(["143 to ff02::16"]);
  });

  test("must be one of this link", () => {
    expect(reported([two], { hops: 64 })).toEqual([[]]);
    expect(reported([two], { from: "fd77::1" })).toEqual([[]]);
  });
});
