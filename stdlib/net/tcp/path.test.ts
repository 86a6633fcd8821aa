/** Errors that say that a segment was too long: RFC 8201, 5927. */
import { beforeAll, describe, expect, test } from "vitest";
import { bytes6, concat, hex, parseTcp, protocol, tcp, tcpFlag } from "#simulate";
import { CLIENT, ipv6Program, type Network6, OWN, running6, SECOND } from "#tools/ipv6-network";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await ipv6Program();
});

const TOO_BIG = 2;

describe("path MTU", () => {
  /** A connection to the source of 20,000 bytes; what it has sent. */
  function connected(net: Network6) {
    const segments: { sequence: number; length: number }[] = [];
    let next = 0;
    net.router.onPacket((packet) => {
      const segment = packet.next === protocol.tcp ? parseTcp(packet) : undefined;
      if (segment === undefined) return;
      if (segment.flags & tcpFlag.syn) next = segment.sequence + 1;
      if (segment.payload.length > 0)
        segments.push({ sequence: segment.sequence, length: segment.payload.length });
    });
    const send = (flags: number, sequence: number, acknowledgement: number) =>
      net.router.send(
        OWN,
        protocol.tcp,
        tcp(
          {
            ...{ from: 4000, to: 19, addresses: [CLIENT, OWN], sequence, acknowledgement, flags },
            options: flags === tcpFlag.syn ? hex("020405a0") : new Uint8Array(),
          },
          new Uint8Array(),
        ),
      );
    send(tcpFlag.syn, 100, 0);
    net.simulation.run(SECOND / 10);
    send(tcpFlag.ack, 101, next);
    net.simulation.run(SECOND / 10);
    return { segments };
  }

  const tooBig = (net: Network6, mtu: number, sequence: number) => {
    const quoted = tcp(
      { from: 19, to: 4000, addresses: [OWN, CLIENT], sequence, flags: tcpFlag.ack },
      new Uint8Array(),
    );
    const head = concat(hex("60000000 0014 06 40"), bytes6(OWN), bytes6(CLIENT));
    net.router.sendIcmp(OWN, TOO_BIG, 0, mtu, concat(head, quoted), { from: CLIENT });
  };

  test("an error about what is on its way makes segments shorter, and they go again at once", () => {
    const net = running6(program);
    const { segments } = connected(net);
    expect(segments[0]!.length).toBe(1440);
    const first = segments[0]!.sequence;
    const sent = segments.length;
    tooBig(net, 1300, first);
    net.simulation.run(SECOND / 20);
    expect(Math.max(...segments.slice(sent).map(({ length }) => length))).toBe(1300 - 60);
    expect(segments.filter(({ sequence }) => sequence === first)).toHaveLength(2);
  });

  test.each([
    ["about bytes that were never sent", 1300, 1_000_000],
    ["about bytes that arrived long ago", 1300, -1000],
    ["of less than every way takes", 600, 0],
  ])("an error %s changes nothing", (_, mtu, offset) => {
    const net = running6(program);
    const { segments } = connected(net);
    const sent = segments.length;
    tooBig(net, mtu, (segments[0]!.sequence + offset) >>> 0);
    net.simulation.run(SECOND / 20);
    expect(segments).toHaveLength(sent);
  });
});
