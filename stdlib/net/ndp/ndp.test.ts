/** Addresses and neighbours: RFC 4861, 4862, 7217, 7527, 3810. */
import { beforeAll, describe, expect, test } from "vitest";
import { bytes6, concat, hex, icmp6, protocol, solicitedGroup } from "#simulate";
import {
  asked,
  CLIENT,
  counter6,
  datagrams,
  ipv6Program,
  MINUTE,
  messages,
  type Network6,
  network6,
  OWN,
  patterned,
  ROUTER,
  running6,
  SECOND,
} from "#tools/ipv6-network";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await ipv6Program();
});

const [SOLICITATION, ADVERTISEMENT] = [135, 136];

describe("addresses", () => {
  test("its own are there a second after it is switched on, when nobody has said that he has them", () => {
    const net = network6(program);
    net.machine.switchOn();
    net.simulation.run(0.9 * SECOND);
    expect(net.addresses()).toEqual([]);
    net.simulation.run(SECOND);
    const [written, ofLink] = net.addresses();
    expect(written).toBe(OWN);
    expect(ofLink).toMatch(/^fe80::/);
  });

  test("the address of the link is another one for each machine, and says nothing of its hardware address", () => {
    const [, ofLink] = running6(program).addresses();
    expect(ofLink).not.toContain("1234:56");
    expect(running6(program, { seed: 9 }).addresses()[1]).toBe(ofLink);
  });

  test("an address that somebody has is not used, and is tried again later", () => {
    const net = network6(program);
    let answers = true;
    net.router.onPacket((packet) => {
      const isAsked = packet.from === "::" && packet.to === solicitedGroup(OWN);
      if (!answers || !isAsked || packet.next !== protocol.icmpv6) return;
      const rest = concat(bytes6(OWN), Uint8Array.of(2, 1), hex(net.host.mac));
      net.router.sendIcmp("ff02::1", ADVERTISEMENT, 0, 0x2000_0000, rest, { hops: 255, from: OWN });
    });
    net.machine.switchOn();
    net.simulation.run(5 * SECOND);
    expect(net.addresses()).not.toContain(OWN);
    expect(net.said()).toContain(`net: address conflict: ${net.host.mac} also uses ${OWN}`);
    expect(datagrams(net, () => net.router.send(OWN, protocol.udp, asked(patterned(4))))).toEqual([]);
    answers = false;
    net.simulation.run(2 * MINUTE);
    expect(net.addresses()).toContain(OWN);
  });

  test("its own question, brought back by a loop, is nobody else's: RFC 7527", () => {
    const net = network6(program);
    net.host.onFrame((frame) => {
      if (frame[12] === 0x86 && frame[20] === protocol.icmpv6 && frame[54] === SOLICITATION)
        net.host.sendFrame(concat(frame.subarray(0, 6), hex("02 00 00 00 00 99"), frame.subarray(12)));
      return undefined;
    });
    net.machine.switchOn();
    net.simulation.run(3 * SECOND);
    expect(net.addresses()).toContain(OWN);
  });

  test("groups of solicited nodes are reported to routers, and again when one asks: RFC 3810", () => {
    const net = running6(program);
    const reports = () => net.router.heard.filter(({ to }) => to === "ff02::16").length;
    const before = reports();
    expect(before).toBeGreaterThan(1);
    const query = concat(bytes6("::"), Uint8Array.of(2, 125, 0, 0));
    const rest = concat(query);
    net.router.send("ff02::1", protocol.icmpv6, icmp6([ROUTER, "ff02::1"], 130, 0, 0x03e8_0000, rest), {
      from: ROUTER,
      hops: 1,
    });
    net.simulation.run(2 * SECOND);
    expect(reports()).toBe(before + 1);
  });
});

describe("neighbours", () => {
  const advert = (net: Network6, target: string, mac: string, flags: number) => {
    const rest = concat(bytes6(target), Uint8Array.of(2, 1), hex(mac));
    net.router.sendIcmp(OWN, ADVERTISEMENT, 0, flags, rest, { hops: 255, from: target });
  };

  test("are asked for, and what waits is sent when they answer", () => {
    const net = running6(program);
    expect(datagrams(net, () => net.machine.exports["sendFrom"](0x2001_0db8_0000_0000n, 2n, 9))).toHaveLength(
      1,
    );
  });

  test("nobody takes another's place with an advertisement that was not asked for", () => {
    const net = running6(program);
    net.machine.exports["sendFrom"](0x2001_0db8_0000_0000n, 2n, 9);
    net.simulation.run(SECOND);
    advert(net, CLIENT, "02:00:00:00:66:66", 0x2000_0000);
    advert(net, CLIENT, "02:00:00:00:66:66", 0x6000_0000);
    net.simulation.run(SECOND);
    expect(datagrams(net, () => net.machine.exports["sendFrom"](0x2001_0db8_0000_0000n, 2n, 9))).toHaveLength(
      1,
    );
  });

  test("questions from all of a /64 take no place of those who are known", () => {
    const net = running6(program);
    net.machine.exports["sendFrom"](0x2001_0db8_0000_0000n, 2n, 9);
    net.simulation.run(SECOND);
    for (let n = 0; n < 20_000; n++) {
      const from = `2001:db8::1:${(n >> 8).toString(16)}:${(n & 255).toString(16)}`;
      const rest = concat(bytes6(OWN), Uint8Array.of(1, 1), hex("02 00 00 00 77 77"));
      const to = solicitedGroup(OWN);
      net.router.sendIcmp(to, SOLICITATION, 0, 0, rest, { hops: 255, from });
      if (n % 50 === 0) net.simulation.run(SECOND / 1000);
    }
    net.simulation.run(SECOND);
    expect(datagrams(net, () => net.machine.exports["sendFrom"](0x2001_0db8_0000_0000n, 2n, 9))).toHaveLength(
      1,
    );
    expect(messages(net, () => net.router.ping(OWN, patterned(8)))).toHaveLength(1);
  });

  test("redirects are not followed", () => {
    const net = running6(program);
    const before = net.counted(counter6.ndpIgnored);
    net.router.sendIcmp(OWN, 137, 0, 0, concat(bytes6("fe80::66"), bytes6("2001:db8:9::1")), {
      hops: 255,
      from: ROUTER,
    });
    net.simulation.run(SECOND);
    expect(net.counted(counter6.ndpIgnored)).toBe(before + 1);
  });
});
