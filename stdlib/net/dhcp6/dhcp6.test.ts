/** The client of DHCPv6 in simulated networks, with servers by script: RFC 9915. */
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
  statusOption6,
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
  macOf,
  NEXT,
  runningDhcp6,
  SERVER,
  SILENT,
  without,
} from "#tools/dhcp6-network";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp6.appl@kvm");
});
const network = (options?: Partial<Dhcp6ServerOptions>, said?: Advertisement, seed?: number) =>
  dhcp6Network(program, options, said, seed);
const running = (options?: Partial<Dhcp6ServerOptions>) => runningDhcp6(program, options);

describe("an address", () => {
  test("is asked for when a router says so, tried, and used: 18.2.1, 18.2.2", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(10 * SECOND);
    expect(net.said).toEqual([HELD]);
    expect(net.server.types).toBe("solicit request");
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("what is asked: who asks, for what, how long already (11.4, 21.4, 21.7, 21.9, RFC 4704)", () => {
    const net = running();
    const mac = macOf(net.machine)
      .split(":")
      .map((digits) => Number.parseInt(digits, 16));
    const [solicit, request] = net.server.heard;
    const { client, server, elapsed, identity, wanted, name, rapidCommit } = dhcp6Option;
    expect(codesOf(solicit!)).toEqual([client, elapsed, identity, wanted, name, rapidCommit]);
    expect(codesOf(request!)).toEqual([client, server, elapsed, identity, wanted, name]);
    for (const each of [solicit!, request!]) {
      expect([...contentOf(each, client)!]).toEqual([0, 3, 0, 1, ...mac]);
      expect([...contentOf(each, wanted)!]).toEqual([0, 23, 0, 82, 0, 83, 0, 39]);
      expect([...contentOf(each, elapsed)!]).toEqual([0, 0]);
      expect(String.fromCharCode(...contentOf(each, name)!)).toBe("\x01\x06asking");
    }
    expect(contentOf(request!, server)).toEqual(net.server.duid);
    expect(request!.transaction).not.toBe(solicit!.transaction);
    expect(addressIn(solicit!)).toBeUndefined();
    expect(addressIn(request!)).toBe(ADDRESS);
  });

  test("is not asked for where no router says so", () => {
    const net = network({}, { prefixes: [{ prefix: "2001:db8:77::" }] });
    net.machine.switchOn();
    net.simulation.run(10 * MINUTE);
    expect(net.server.heard).toEqual([]);
    net.router.said = MANAGED;
    net.simulation.run(10 * MINUTE);
    expect(net.said).toEqual([HELD]);
  });

  test("may come at once, in two messages: 18.2.1, 21.14", () => {
    const net = running({ isRapid: true });
    expect(net.server.types).toBe("solicit");
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("does not come by a reply that nobody has asked for", () => {
    const net = network({ isRapid: true });
    net.server.edit = (answer) => without(answer, dhcp6Option.rapidCommit);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([SILENT]);
  });

  test.each<[string, number | undefined, number | undefined, string]>([
    ["that prefers itself more", 7, 9, "2001:db8:77::200"],
    ["that is the first of equals", undefined, undefined, ADDRESS],
    ["that is preferred most, without waiting", undefined, 255, "2001:db8:77::200"],
  ])("of two servers comes from the one %s: 18.2.9", (_, first, second, address) => {
    const net = network(first === undefined ? {} : { preference: first });
    const other = second === undefined ? {} : { preference: second };
    net.serve("other", "fe80::3", { pool: ["2001:db8:77::200"], ...other });
    net.machine.switchOn();
    net.simulation.run(10 * SECOND);
    expect(net.said).toEqual([held(address, 86_400, address === ADDRESS ? SERVER : "fe80::3")]);
  });

  test.each(Array.from({ length: 30 }, (_, n) => n + 1))(
    "comes in spite of loss, late and double frames: seed %i",
    (seed) => {
      const net = network({}, MANAGED, seed);
      net.cable.set({ loss: 0.3, duplication: 0.2, reordering: 0.2 });
      net.machine.switchOn();
      net.simulation.run(20 * MINUTE);
      expect(net.said.at(-1)).toMatch(/^eth0: 2001:db8:77::10\d by DHCPv6 from fe80::2, for 86400 s$/);
      net.cable.set({ loss: 0, duplication: 0, reordering: 0 });
      expect(net.answers(/2001:\S+/.exec(net.said.at(-1)!)![0])).toBe(true);
      expect(net.machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
    },
  );

  test("is used by one machine: what somebody else has is declined, and another one asked for (18.2.8)", () => {
    const net = network();
    const thief = net.join("thief", "fe80::9", ADDRESS);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([
      `net: address conflict: ${thief.host.mac} also uses ${ADDRESS}`,
      `eth0: ${ADDRESS} from DHCPv6 server ${SERVER} is declined: another host uses it`,
      held(NEXT, 86_400),
    ]);
    expect(net.server.types).toBe("solicit request decline solicit request");
    expect(addressIn(net.server.heard[2]!)).toBe(ADDRESS);
    expect(net.answers(NEXT)).toBe(true);
  });

  test("that is declined, and nobody takes notice: then it goes on all the same", () => {
    const net = network();
    net.join("thief", "fe80::9", ADDRESS);
    net.server.edit = (answer, { type }) => (type === dhcp6Type.decline ? undefined : answer);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.server.types).toBe("solicit request decline decline decline decline solicit request");
    expect(net.said.at(-1)).toBe(held(NEXT, 86_400));
  });
});

describe("servers that do not help", () => {
  /** Seconds between the messages that come in a time. */
  function waits(net: ReturnType<typeof network>, time: number): number[] {
    const times: number[] = [];
    net.server.edit = () => {
      times.push(net.simulation.now / SECOND);
      return undefined;
    };
    net.machine.switchOn();
    net.simulation.run(time);
    return times.slice(1).map((at, n) => at - times[n]!);
  }

  test("and do not answer are asked at growing intervals, up to an hour, and it is said once: 15", () => {
    const net = network();
    const all = waits(net, 24 * HOUR);
    expect(all[0]).toBeGreaterThan(1);
    for (const [n, wait] of all.slice(1).entries()) {
      const before = all[n]!;
      expect(wait).toBeGreaterThanOrEqual(Math.min(1.9 * before, 3240) - 1e-6);
      expect(wait).toBeLessThanOrEqual(Math.min(2.1 * before, 3960) + 1e-6);
    }
    expect(all.at(-1)).toBeGreaterThan(3000);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(net.server.heard.map(({ transaction }) => transaction)).size).toBe(1);
    expect(net.said).toEqual([SILENT]);
  });

  test("may say how seldom they are asked, even if they have nothing: SOL_MAX_RT (18.2.9, 21.24)", () => {
    const longest = (seconds: readonly number[]) => {
      const content = Uint8Array.from(seconds);
      const net = network({ pool: [], options: [{ code: dhcp6Option.solicitMost, content }] });
      net.machine.switchOn();
      net.simulation.run(6 * HOUR);
      return net.server.heard.length;
    };
    expect(longest([0, 0, 0, 60])).toBeGreaterThan(300);
    // Outside of what may be, or no number: as if it were not said.
    for (const wrong of [
      [0, 0, 0, 59],
      [0, 1, 81, 129],
      [0, 60],
    ])
      expect(longest(wrong)).toBeLessThan(25);
  });

  test("and have no address are asked on; people are told once (21.13)", () => {
    const net = network({ pool: [] });
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([`eth0: DHCPv6 server ${SERVER} gives no address, status 2, and is asked on`]);
    net.server.options = { pool: [ADDRESS] };
    net.simulation.run(3 * MINUTE);
    expect(net.said.at(-1)).toBe(HELD);
  });

  test.each([
    ["no address is left", 2],
    ["it is of another link", 4],
    ["something", 1],
  ])("that advertise and then say that %s are asked ever more seldom", (_, status) => {
    const net = network();
    net.server.edit = (answer, { type }) => {
      if (type !== dhcp6Type.request) return answer;
      const identity = leaseOption6({ identity: 0 }, [statusOption6(status)]);
      return changed(answer, identity);
    };
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.server.heard.length).toBeGreaterThan(20);
    expect(net.server.heard.length).toBeLessThan(200);
    net.server.edit = (answer) => answer;
    net.simulation.run(2 * MINUTE);
    expect(net.said.at(-1)).toBe(HELD);
  });

  test("that advertise and then are silent are given up after ten requests: 18.2.2", () => {
    const net = network();
    net.server.edit = (answer, { type }) => (type === dhcp6Type.request ? undefined : answer);
    net.machine.switchOn();
    net.simulation.run(4 * MINUTE);
    const requests = Array.from({ length: 10 }, () => "request").join(" ");
    expect(net.server.types).toMatch(new RegExp(`^solicit ${requests} solicit`));
  });
});
