/** What a DHCP server may say, and what of it is believed: RFC 2131, 2132, 3396, 3442, 6842. */
import { beforeAll, describe, expect, test } from "vitest";
import { type DhcpMessage, type DhcpServerOptions, dhcpType, HOUR, optionBytes, SECOND } from "#simulate";
import { ADDRESS, changed, dhcpNetwork, HELD, ROUTER } from "#tools/dhcp-network";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp.appl@kvm");
});
const network = (options: Partial<DhcpServerOptions> = {}, seed = 1) => dhcpNetwork(program, options, seed);

describe("what servers say", () => {
  /** What it makes of the answers of a server that changes them. */
  function taken(edit: (answer: DhcpMessage, question: DhcpMessage) => DhcpMessage | undefined) {
    const net = network();
    net.server.edit = edit;
    net.machine.switchOn();
    net.simulation.run(10 * SECOND);
    const { said } = net;
    return said.length === 0 ? undefined : said.join("; ");
  }
  const options = (changes: Record<number, readonly number[] | undefined>) => (answer: DhcpMessage) =>
    changed(answer, changes);
  const line = (rest: string) => `eth0: ${ADDRESS}${rest}, for 86400 s`;
  const plain = line(`/24 by DHCP from ${ROUTER}, router ${ROUTER}`);
  const noRouter = line(`/24 by DHCP from ${ROUTER}`);

  test.each<[string, Record<number, readonly number[] | undefined>, string | undefined]>([
    ["nothing unusual", {}, plain],
    ["no mask: that of the class", { 1: undefined, 3: undefined }, line(`/8 by DHCP from ${ROUTER}`)],
    ["a mask with a hole", { 1: [255, 0, 255, 0] }, undefined],
    ["a mask of nothing", { 1: [0, 0, 0, 0] }, undefined],
    ["a mask of three bytes", { 1: [255, 255, 255] }, undefined],
    [
      "a mask in which the address is the network",
      { 1: [255, 255, 255, 255 ^ 1] },
      `eth0: ${ADDRESS}/31 by DHCP from ${ROUTER}, for 86400 s`,
    ],
    ["a mask in which the address is everybody", { 1: [255, 255, 255, 240] }, undefined],
    ["no server", { 54: undefined }, undefined],
    ["a server that is a group", { 54: [224, 0, 0, 1] }, undefined],
    ["a server at 0.0.0.0", { 54: [0, 0, 0, 0] }, undefined],
    ["no time", { 51: undefined }, undefined],
    ["a time of nothing", { 51: [0, 0, 0, 0] }, undefined],
    ["a time of five seconds", { 51: [0, 0, 0, 5] }, undefined],
    ["a time of two bytes", { 51: [1, 0] }, undefined],
    ["no type", { 53: undefined }, undefined],
    ["a type of two bytes", { 53: [2, 2] }, undefined],
    ["a type of clients", { 53: [1] }, undefined],
    ["no router", { 3: undefined }, noRouter],
    ["a router of another network", { 3: [10, 0, 3, 1] }, noRouter],
    ["a router that is the client", { 3: [10, 0, 2, 15] }, noRouter],
    ["a router that is everybody", { 3: [10, 0, 2, 255] }, noRouter],
    ["several routers, the first of which is none", { 3: [0, 0, 0, 0, 10, 0, 2, 2, 10, 0, 2, 4] }, plain],
    ["a router of five bytes", { 3: [10, 0, 2, 2, 1] }, noRouter],
    [
      "an MTU",
      { 26: [1400 >> 8, 1400 & 255] },
      line(`/24 by DHCP from ${ROUTER}, router ${ROUTER}, MTU 1400`),
    ],
    ["an MTU that is too long", { 26: [9000 >> 8, 9000 & 255] }, plain],
    ["an MTU that is too short", { 26: [0, 68] }, plain],
    ["an MTU of one byte", { 26: [255] }, plain],
    ["name servers of odd length", { 6: [10, 0, 2] }, plain],
    ["another client", { 61: [255, 0, 0, 0, 0] }, undefined],
    ["no client, as servers of old: RFC 6842", { 61: undefined }, plain],
    ["an overload that is none", { 52: [4] }, undefined],
    ["an overload of two bytes", { 52: [1, 1] }, undefined],
    [
      "ways without classes: RFC 3442",
      { 121: [0, 10, 0, 2, 9, 8, 10, 10, 0, 2, 8] },
      line(`/24 by DHCP from ${ROUTER}, router 10.0.2.9`),
    ],
    ["a way that is malformed", { 121: [33, 10, 0, 2, 9, 8] }, plain],
    ["a way that is cut off", { 121: [24, 10, 0, 2, 9] }, plain],
    [
      "a network of one machine, its router elsewhere",
      { 1: [255, 255, 255, 255], 3: [169, 254, 1, 1] },
      `eth0: ${ADDRESS}/32 by DHCP from ${ROUTER}, router 169.254.1.1, for 86400 s`,
    ],
    [
      "a hundred things that nobody knows",
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [130 + n, [n]])),
      plain,
    ],
    ["more than a packet's worth of one thing", { 224: Array.from({ length: 900 }, () => 1) }, plain],
    ["a name longer than any", { 15: Array.from({ length: 700 }, () => 97) }, plain],
    [
      "more ways than are kept",
      { 121: [0, 10, 0, 2, 9, ...Array.from({ length: 40 }, (_, n) => [16, 10, n, 10, 0, 2, 8]).flat()] },
      line(`/24 by DHCP from ${ROUTER}, router 10.0.2.9`),
    ],
  ])("%s", (_, changes, said) => {
    expect(taken(options(changes))).toBe(said);
  });

  test.each<[string, Partial<DhcpMessage>]>([
    ["another transaction", { transaction: 1 }],
    ["another machine", { mac: "02:00:00:00:00:99" }],
    ["a question", { operation: 1 }],
    ["0.0.0.0", { yourAddress: "0.0.0.0" }],
    ["everybody", { yourAddress: "255.255.255.255" }],
    ["a group", { yourAddress: "224.0.0.5" }],
    ["a loopback address", { yourAddress: "127.0.0.1" }],
    ["the network itself", { yourAddress: "10.0.2.0" }],
    ["all of the network", { yourAddress: "10.0.2.255" }],
  ])("%s is not believed", (_, fields) => {
    expect(taken((answer) => ({ ...answer, ...fields }))).toBeUndefined();
  });

  test("an address that is not the one that was offered", () => {
    const edit = (answer: DhcpMessage): DhcpMessage =>
      answer.options.get(53)![0] === dhcpType.ack ? { ...answer, yourAddress: "10.0.2.99" } : answer;
    expect(taken(edit)).toBeUndefined();
  });

  test("an acknowledgement by another server than the one that was asked", () => {
    const edit = (answer: DhcpMessage): DhcpMessage =>
      answer.options.get(53)![0] === dhcpType.ack ? changed(answer, { 54: [10, 0, 2, 9] }) : answer;
    expect(taken(edit)).toBeUndefined();
  });

  test("options in the fields of names: RFC 2132 9.3; pieces of one option in several places: RFC 3396", () => {
    const padded = (length: number, bytes: readonly number[]) =>
      Uint8Array.from({ length }, (_, n) => bytes[n] ?? 0);
    const edit = (answer: DhcpMessage): DhcpMessage => ({
      ...changed(answer, { 52: [3], 1: [255, 255], 3: undefined, 51: undefined }),
      file: padded(128, [...optionBytes(1, [255]), ...optionBytes(51, [0, 0, 14, 16]), 255, 1, 9, 9]),
      serverName: padded(64, [...optionBytes(1, [0]), ...optionBytes(3, [10, 0, 2, 9])]),
    });
    expect(taken(edit)).toBe(`eth0: ${ADDRESS}/24 by DHCP from ${ROUTER}, router 10.0.2.9, for 3600 s`);
    expect(taken((answer) => ({ ...edit(answer), file: padded(128, [1, 200]) }))).toBeUndefined();
    expect(taken((answer) => changed(edit(answer), { 52: [2] }))).toBeUndefined();
  });

  test("answers from another port than a server's are not for it", () => {
    const net = network();
    net.server.edit = (answer) => {
      net.host.sendUdp("255.255.255.255", 68, 4000, new Uint8Array(300));
      return answer;
    };
    net.machine.switchOn();
    net.simulation.run(SECOND);
    expect(net.said).toEqual([HELD]);
  });

  test.each(Array.from({ length: 40 }, (_, n) => n + 1))(
    "answers that are garbled do no harm: seed %i",
    (seed) => {
      const net = network(
        { nameServers: ["10.0.2.3"], options: { 121: [0, 10, 0, 2, 9, 8, 10, 10, 0, 2, 8], 26: [5, 0xaa] } },
        seed,
      );
      const random = net.simulation.random("garbled");
      net.server.edit = (answer) => {
        const changes: Record<number, number[] | undefined> = {};
        for (let n = random.below(4); n >= 0; n--) {
          const codes = [...answer.options.keys(), 52, 58, 59];
          const code = codes[random.below(codes.length)]!;
          changes[code] = Array.from({ length: random.below(9) }, () => random.below(256));
        }
        const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256));
        return { ...changed(answer, changes), file: bytes(128), serverName: bytes(64) };
      };
      net.machine.switchOn();
      net.simulation.run(4 * HOUR);
      net.server.edit = (answer) => answer;
      net.server.options = { ...net.server.options, lease: 3600 };
      expect(net.machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
      net.cable.cut();
      net.simulation.run(1);
      net.cable.heal();
      net.simulation.run(2 * HOUR);
      expect(net.machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
    },
  );
});
