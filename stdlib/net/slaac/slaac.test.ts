/** Router advertisements, true and forged: RFC 4861, 4862, 8106. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Advertisement, parseIcmp6 } from "#simulate";
import {
  CLIENT,
  counter6,
  ipv6Program,
  MINUTE,
  messages,
  network6,
  patterned,
  running6,
  SECOND,
} from "#tools/ipv6-network";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await ipv6Program();
});

const ECHO_REPLY = 129;

describe("router advertisements", () => {
  test("give addresses, a way, an MTU and name servers", () => {
    const net = network6(program, { advertised: true });
    net.machine.switchOn();
    net.simulation.run(1.5 * SECOND);
    expect(net.router.heard.map((packet) => parseIcmp6(packet)?.type)).toContain(133);
    net.router.advertise({
      mtu: 1400,
      prefixes: [{ prefix: "2001:db8:1::" }],
      nameServers: ["2001:db8:1::53"],
    });
    net.simulation.run(3 * SECOND);
    const made = net.addresses().find((address) => address.startsWith("2001:db8:1:"));
    expect(made).toBeDefined();
    expect(net.machine.exports["nameServers"](BigInt(net.simulation.now))).toBe(1);
    expect(net.machine.exports["sendFrom"](0x2001_0db8_9999_0000n, 1n, 9)).toBe(1);
  });

  test("that leave addresses to DHCPv6 make it say once what to write", () => {
    const told = (said: Advertisement) => {
      const net = running6(program, { advertised: true });
      for (let n = 0; n < 3; n++) net.router.advertise(said);
      net.simulation.run(3 * SECOND);
      return net.said().slice(1);
    };
    const prefix = "2001:db8:1::";
    expect(told({ isManaged: true, prefixes: [{ prefix, isAutonomous: false }] })).toEqual([
      "eth0: the router leaves addresses of IPv6 to DHCPv6: say `dhcp6 = true` in its `net` block",
    ]);
    expect(told({ isOther: true })).toEqual([]);
    expect(told({ isManaged: true, prefixes: [{ prefix }] })).toHaveLength(1);
  });

  test("of a router that is none any more leave no way", () => {
    const net = running6(program, { advertised: true });
    net.router.advertise({ prefixes: [{ prefix: "2001:db8:1::" }] });
    net.simulation.run(3 * SECOND);
    net.router.advertise({ lifetime: 0 });
    net.simulation.run(SECOND);
    expect(net.machine.exports["sendFrom"](0x2001_0db8_9999_0000n, 1n, 9)).toBe(0);
  });

  test("are not heard by who has everything written", () => {
    const net = running6(program);
    const before = net.counted(counter6.ndpIgnored);
    net.router.advertise({ prefixes: [{ prefix: "2001:db8:1::" }] });
    net.simulation.run(3 * SECOND);
    expect(net.addresses()).toHaveLength(2);
    expect(net.counted(counter6.ndpIgnored)).toBe(before + 1);
  });

  test.each([
    ["from another link", { hops: 254 }, {}],
    ["from no address of the link", { from: CLIENT }, {}],
    ["with a prefix of the link itself", {}, { prefixes: [{ prefix: "fe80::" }] }],
    ["with a prefix of groups", {}, { prefixes: [{ prefix: "ff05::" }] }],
    ["with a prefix of ::/64", {}, { prefixes: [{ prefix: "::" }] }],
    [
      "with more preferred than valid",
      {},
      { prefixes: [{ prefix: "2001:db8:1::", valid: 10, preferred: 20 }] },
    ],
  ])("%s are not believed", (_, fields, said) => {
    const net = running6(program, { advertised: true });
    net.router.advertise({ prefixes: [{ prefix: "2001:db8:2::" }], ...said }, fields);
    net.simulation.run(3 * SECOND);
    expect(net.addresses()).toHaveLength(1);
  });

  test("by the thousand make four addresses and no more", () => {
    const net = running6(program, { advertised: true });
    for (let n = 1; n <= 1000; n++)
      net.router.advertise(
        { prefixes: [{ prefix: `2001:db8:${n.toString(16)}::` }] },
        { from: `fe80::${n.toString(16)}` },
      );
    net.simulation.run(10 * SECOND);
    expect(net.addresses()).toHaveLength(5);
    expect(net.counted(counter6.routerIgnored)).toBeGreaterThan(500);
    expect(messages(net, () => net.router.ping(net.addresses()[0]!, patterned(8)))[0]?.type).toBe(ECHO_REPLY);
  });

  test("cannot end an address sooner than in two hours", () => {
    const net = running6(program, { advertised: true });
    net.router.advertise({ prefixes: [{ prefix: "2001:db8:1::" }] });
    net.simulation.run(3 * SECOND);
    const made = net.addresses()[1]!;
    net.router.advertise({ prefixes: [{ prefix: "2001:db8:1::", valid: 0, preferred: 0 }] });
    net.simulation.run(90 * MINUTE);
    expect(messages(net, () => net.router.ping(made, patterned(8)))).toHaveLength(1);
    net.simulation.run(60 * MINUTE);
    net.router.known.delete(made);
    expect(messages(net, () => net.router.ping(made, patterned(8)))).toHaveLength(0);
  });
});
