/** How long addresses of DHCPv6 servers hold, and what a link does that goes and comes back: RFC 9915. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Advertisement,
  type Dhcp6ServerOptions,
  dhcp6Option,
  dhcp6Type,
  HOUR,
  leaseOption6,
  MINUTE,
  SECOND,
} from "#simulate";
import {
  ADDRESS,
  addressIn,
  changed,
  codesOf,
  contentOf,
  dhcp6Network,
  HELD,
  held,
  MANAGED,
  NEXT,
  runningDhcp6,
  SERVER,
  SILENT,
} from "#tools/dhcp6-network";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp6.appl@kvm");
});
const network = (options?: Partial<Dhcp6ServerOptions>, said?: Advertisement, seed?: number) =>
  dhcp6Network(program, options, said, seed);
const running = (options?: Partial<Dhcp6ServerOptions>) => runningDhcp6(program, options);

describe("a lease", () => {
  const times = { valid: 3600, preferred: 2000 };

  test("is renewed at half of the time that it is preferred, again and again, without a word: 18.2.4", () => {
    const net = running(times);
    net.simulation.run(24 * HOUR);
    expect(net.said).toEqual([held(ADDRESS, 3600)]);
    const [, , ...renewals] = net.server.heard;
    expect(renewals.length).toBeGreaterThanOrEqual(85);
    expect(renewals.length).toBeLessThanOrEqual(87);
    for (const each of renewals) {
      expect(each.type).toBe(dhcp6Type.renew);
      expect(addressIn(each)).toBe(ADDRESS);
      expect(contentOf(each, dhcp6Option.server)).toEqual(net.server.duid);
    }
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test.each<[string, Partial<Dhcp6ServerOptions>, number]>([
    ["T1 of the server", { renewal: 300 }, 300],
    ["T1 behind the end: never later than T2", { renewal: 100_000, rebinding: 100_000 }, 3600],
    ["an address that is not preferred", { preferred: 0 }, 1800],
  ])("%s", (_, options, second) => {
    const net = running({ ...times, ...options });
    const before = net.server.heard.length;
    net.simulation.run((second - 12) * SECOND);
    expect(net.server.heard).toHaveLength(before);
    net.simulation.run(16 * SECOND);
    expect(net.server.heard.length).toBeGreaterThan(before);
  });

  test("nobody renews it: all servers are asked, and then it is over (18.2.5)", () => {
    const net = running(times);
    net.server.isOn = false;
    net.simulation.run(3500 * SECOND);
    expect(net.answers(ADDRESS)).toBe(true);
    net.simulation.run(2 * MINUTE);
    expect(net.answers(ADDRESS)).toBe(false);
    expect(net.said.slice(1)).toEqual([
      `eth0: DHCPv6 server ${SERVER} does not renew ${ADDRESS}: all are asked`,
      `eth0: ${ADDRESS} is given up: nobody has renewed it`,
      SILENT,
    ]);
    net.server.isOn = true;
    net.simulation.run(5 * MINUTE);
    expect(net.said.at(-1)).toBe(held(ADDRESS, 3600));
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("another server may renew it, from T2 on", () => {
    const net = running(times);
    const other = net.serve("other", "fe80::3", times);
    other.edit = (answer, question) => {
      if (question.type !== dhcp6Type.rebind) return undefined;
      const identity = leaseOption6({ identity: 0, address: ADDRESS, ...times });
      return changed(answer, identity);
    };
    net.server.isOn = false;
    net.simulation.run(2 * HOUR);
    expect(net.said.filter((line) => line.includes("given up"))).toEqual([]);
    expect(other.types).toMatch(/rebind renew/);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("without end is not renewed", () => {
    const net = running({ valid: 0xffffffff, preferred: 0xffffffff });
    net.simulation.run(100 * HOUR);
    expect(net.said).toEqual([`eth0: ${ADDRESS} by DHCPv6 from ${SERVER}, for ever`]);
    expect(net.server.types).toBe("solicit request");
  });

  test("that its server does not know any more is asked for anew: NoBinding (18.2.10.1)", () => {
    const net = running(times);
    net.server.forget();
    net.simulation.run(1100 * SECOND);
    expect(net.server.types).toBe("solicit request renew request");
    expect(net.said).toEqual([held(ADDRESS, 3600)]);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("may become another one when it is renewed", () => {
    const net = running(times);
    net.server.edit = (answer, { type }) => {
      if (type !== dhcp6Type.renew) return answer;
      const old = leaseOption6({ identity: 0, address: ADDRESS }).content.subarray(12);
      const added = leaseOption6({ identity: 0, address: NEXT, valid: 3600, preferred: 2000 }).content;
      const content = Uint8Array.from([...added, ...old]);
      const identity = { code: dhcp6Option.identity, content };
      return changed(answer, identity);
    };
    net.simulation.run(1100 * SECOND);
    expect(net.said.at(-1)).toBe(held(NEXT, 3600));
    expect(net.answers(ADDRESS)).toBe(false);
    expect(net.answers(NEXT)).toBe(true);
  });

  test("that is taken back is given up at once", () => {
    const net = running(times);
    net.server.edit = (answer, { type }) => {
      if (type !== dhcp6Type.renew) return answer;
      const identity = leaseOption6({ identity: 0, address: ADDRESS });
      return changed(answer, identity);
    };
    net.simulation.run(1005 * SECOND);
    expect(net.said[1]).toBe(`eth0: ${ADDRESS} is given up: its server wants it back`);
  });
});

describe("the link", () => {
  test("goes and comes back: it is asked whether the network is the same, and the address is used meanwhile (18.2.3)", () => {
    const net = running();
    net.cable.cut();
    net.simulation.run(MINUTE);
    net.cable.heal();
    net.simulation.run(3 * SECOND);
    expect(net.server.types).toBe("solicit request confirm");
    expect(codesOf(net.server.heard[2]!)).not.toContain(dhcp6Option.server);
    expect(net.said).toEqual([HELD]);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("leads into another network: the address is given up, and one of that network is asked for", () => {
    const net = running();
    net.cable.cut();
    net.simulation.run(MINUTE);
    net.server.options = { pool: ["2001:db8:99::7"] };
    net.cable.heal();
    net.simulation.run(10 * SECOND);
    expect(net.said.slice(1)).toEqual([
      `eth0: ${ADDRESS} is given up: it is of another network`,
      held("2001:db8:99::7", 86_400),
    ]);
    expect(net.answers(ADDRESS)).toBe(false);
  });

  test("comes back, and nobody answers: the address holds until its end", () => {
    const net = running({ valid: 3600, preferred: 2000 });
    net.server.isOn = false;
    net.cable.cut();
    net.simulation.run(SECOND);
    net.cable.heal();
    net.simulation.run(5 * MINUTE);
    expect(net.answers(ADDRESS)).toBe(true);
    net.simulation.run(HOUR);
    expect(net.said).toContain(`eth0: ${ADDRESS} is given up: nobody has renewed it`);
  });

  test("goes while an address is asked for", () => {
    for (const time of [1.1, 1.5, 2.3]) {
      const net = network();
      net.server.edit = (answer, { type }) =>
        type === dhcp6Type.request && time === 2.3 ? undefined : answer;
      net.machine.switchOn();
      net.simulation.run(time * SECOND);
      net.cable.cut();
      net.simulation.run(MINUTE);
      net.server.edit = (answer) => answer;
      net.cable.heal();
      net.simulation.run(10 * SECOND);
      expect(net.said.at(-1)).toBe(HELD);
      expect(net.answers(ADDRESS)).toBe(true);
    }
  });
});

describe("name servers alone", () => {
  const other: Advertisement = { isOther: true, prefixes: [{ prefix: "2001:db8:77::" }] };
  const nameServers = ["2001:db8:77::53", "2001:db8:77::54"];
  const TOLD = `eth0: 2 name servers by DHCPv6 from ${SERVER}`;

  test("are asked for where a router says that, and again after a day: 18.2.6, 21.23", () => {
    const net = network({ nameServers }, other);
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.said).toEqual([TOLD]);
    const [question] = net.server.heard;
    expect(codesOf(question!)).toEqual([1, 8, 6]);
    expect([...contentOf(question!, dhcp6Option.wanted)!]).toEqual([0, 23, 0, 32, 0, 83]);
    net.simulation.run(48 * HOUR);
    expect(net.server.types).toBe("information information information");
  });

  test("may be asked for more often, but not more than every ten minutes", () => {
    const refresh = { code: dhcp6Option.refresh, content: Uint8Array.of(0, 0, 0, 1) };
    const net = network({ nameServers, options: [refresh] }, other);
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.server.heard).toHaveLength(6);
  });

  test("are asked for again when the link was away; and an address, when a router says that", () => {
    const net = network({ nameServers }, other);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.cable.cut();
    net.simulation.run(SECOND);
    net.cable.heal();
    net.simulation.run(MINUTE);
    expect(net.server.types).toBe("information information");
    net.router.said = MANAGED;
    net.simulation.run(10 * MINUTE);
    expect(net.server.types).toBe("information information solicit request");
    expect(net.said).toEqual([TOLD, HELD]);
  });
});
