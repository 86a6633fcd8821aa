/** IPv6 as a host of its link sees it: RFC 8200, 4443. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  bytes6,
  concat,
  fragment6,
  hex,
  icmp6,
  protocol,
  solicitedGroup,
  tcp,
  tcpFlag,
  udp,
} from "#simulate";
import {
  asked,
  CLIENT,
  counter6,
  datagrams,
  ipv6Program,
  MAC,
  messages,
  type Network6,
  OWN,
  patterned,
  running6,
  SECOND,
} from "#tools/ipv6-network";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await ipv6Program();
});

const FRAGMENT = 44;
const [UNREACHABLE, PARAMETER_PROBLEM] = [1, 4];
const ECHO_REPLY = 129;
const SOLICITATION = 135;

describe("what is asked is answered", () => {
  test("an echo request, also one in fragments, with an answer that every way takes", () => {
    const net = running6(program);
    const [reply] = messages(net, () => net.router.ping(OWN, patterned(64)));
    expect([reply!.type, reply!.rest]).toEqual([ECHO_REPLY, patterned(64)]);
    const whole = icmp6([CLIENT, OWN], 128, 0, 7, patterned(2000));
    const heard = net.router.heard.length;
    net.router.send(OWN, FRAGMENT, fragment6(58, 5, 1200, false, whole.subarray(1200)));
    net.router.send(OWN, FRAGMENT, fragment6(58, 5, 0, true, whole.subarray(0, 1200)));
    net.simulation.run(SECOND);
    const parts = net.router.heard.slice(heard).filter(({ next }) => next === FRAGMENT);
    expect(parts.map(({ payload }) => payload.length)).toEqual([8 + 1232, 8 + 776]);
  });

  test("a datagram, and one that nobody listens for", () => {
    const net = running6(program);
    const [answer] = datagrams(net, () => net.router.send(OWN, protocol.udp, asked(patterned(100))));
    expect(answer!.payload).toEqual(patterned(100));
    const lost = udp({ from: 4000, to: 99, addresses: [CLIENT, OWN] }, patterned(4));
    const [error] = messages(net, () => net.router.send(OWN, protocol.udp, lost));
    expect([error!.type, error!.code]).toEqual([UNREACHABLE, 4]);
  });

  test("not a datagram without a checksum: RFC 8200 8.1", () => {
    const net = running6(program);
    const none = udp({ from: 4000, to: 7, addresses: [CLIENT, OWN], checksum: 0 }, patterned(4));
    expect(datagrams(net, () => net.router.send(OWN, protocol.udp, none))).toEqual([]);
  });

  test.each([
    ["IPv4 that was mapped", "::ffff:a00:1"],
    ["IPv4 that was compatible", "::a00:1"],
    ["loopback", "::1"],
    ["nobody", "::"],
    ["a group", "ff02::1"],
    ["itself", OWN],
  ])("nothing that claims to come from %s", (_, from) => {
    const net = running6(program);
    const frame = (next: number, payload: Uint8Array) => () => net.router.send(OWN, next, payload, { from });
    net.router.ping(OWN, patterned(8));
    net.simulation.run(SECOND);
    const before = net.counted(counter6.framesOut);
    frame(protocol.udp, asked(patterned(4), from))();
    const syn = { from: 4000, to: 7, sequence: 1, flags: tcpFlag.syn };
    frame(protocol.tcp, tcp({ ...syn, addresses: [from, OWN] }, patterned(0)))();
    frame(protocol.icmpv6, icmp6([from, OWN], 128, 0, 1, patterned(8)))();
    net.simulation.run(2 * SECOND);
    expect(net.counted(counter6.framesOut)).toBe(before);
  });

  test("nothing that goes to an address of ::/64", () => {
    const net = running6(program);
    const before = net.counted(counter6.notForUs);
    for (const to of ["::1", "::ffff:a00:1", "::53"]) {
      net.router.known.set(to, MAC);
      net.router.sendUdp(to, 7, 4000, patterned(4));
    }
    net.simulation.run(SECOND);
    expect(net.counted(counter6.notForUs) - before).toBe(3);
    expect(net.machine.exports["sendFrom"](0n, 0x0a000001n, 9)).toBe(0);
  });
});

describe("extension headers", () => {
  const empty = (next: number) => concat(Uint8Array.of(next, 0, 1, 4), patterned(4).fill(0));
  const [HOP, ROUTING, OPTIONS] = [0, 43, 60];

  test("are passed, a few of them, and no more", () => {
    const net = running6(program);
    const chain = (count: number) =>
      concat(
        ...Array.from({ length: count }, (_, n) => empty(n === count - 1 ? 17 : OPTIONS)),
        asked(patterned(4)),
      );
    expect(datagrams(net, () => net.router.send(OWN, OPTIONS, chain(3)))).toHaveLength(1);
    expect(datagrams(net, () => net.router.send(OWN, OPTIONS, chain(100)))).toHaveLength(0);
    expect(
      datagrams(net, () => net.router.send(OWN, HOP, concat(empty(17), asked(patterned(4))))),
    ).toHaveLength(1);
  });

  test.each([
    ["an option that must be known", OPTIONS, Uint8Array.of(17, 0, 0x80, 4, 0, 0, 0, 0), [2, 42]],
    ["a route with places left", ROUTING, Uint8Array.of(17, 0, 0, 1, 0, 0, 0, 0), [0, 42]],
    ["options for each hop in the second place", OPTIONS, concat(empty(HOP), empty(17)), [1, 40]],
    ["a header that nobody knows", 200, new Uint8Array(8), [1, 6]],
  ])("%s: the sender is told where", (_, next, header, [code, pointer]) => {
    const net = running6(program);
    const [error] = messages(net, () => net.router.send(OWN, next, concat(header, asked(patterned(4)))));
    expect([error!.type, error!.code, error!.word]).toEqual([PARAMETER_PROBLEM, code, pointer]);
  });
});

describe("fragments", () => {
  const whole = () => asked(patterned(1000));
  const send = (net: Network6, id: number, from: number, to: number, more: boolean) =>
    net.router.send(OWN, FRAGMENT, fragment6(17, id, from, more, whole().subarray(from, to)));

  test("that overlap end their datagram, also what is still to come: RFC 5722", () => {
    const net = running6(program);
    const answers = datagrams(net, () => {
      send(net, 1, 0, 512, true);
      send(net, 1, 504, 1008, false);
      send(net, 1, 512, 1008, false);
      send(net, 1, 0, 512, true);
    });
    expect(answers).toEqual([]);
    const others = datagrams(net, () => {
      send(net, 2, 0, 512, true);
      send(net, 2, 512, 1008, false);
    });
    expect(others).toHaveLength(1);
  });

  test("that are all of it stand for themselves: RFC 6946", () => {
    const net = running6(program);
    send(net, 1, 0, 512, true);
    const [answer] = datagrams(net, () => send(net, 1, 0, 1008, false));
    expect(answer!.payload).toEqual(patterned(1000));
  });

  test.each([
    ["a length that is no multiple of 8", 0, 510, true, [0, 4]],
    ["more than a packet can have", 65_528, 65_540, false, [0, 42]],
    ["a first one that ends before the transport", 0, 0, true, [3, 0]],
  ])("%s: the sender is told", (_, from, to, more, [code, pointer]) => {
    const net = running6(program);
    const part = new Uint8Array(Math.max(to - from, 0));
    const [error] = messages(net, () => net.router.send(OWN, FRAGMENT, fragment6(17, 1, from, more, part)));
    expect([error?.type, error?.code, error?.word]).toEqual([PARAMETER_PROBLEM, code, pointer]);
  });

  test("of neighbour discovery are nobody's: RFC 6980", () => {
    const net = running6(program);
    const rest = concat(bytes6(OWN), Uint8Array.of(1, 1), hex(net.host.mac));
    const question = icmp6([CLIENT, solicitedGroup(OWN)], SOLICITATION, 0, 0, rest);
    const before = net.counted(counter6.framesOut);
    net.router.send(solicitedGroup(OWN), FRAGMENT, fragment6(58, 1, 0, false, question), { hops: 255 });
    net.simulation.run(SECOND);
    expect(net.counted(counter6.framesOut)).toBe(before);
  });
});
