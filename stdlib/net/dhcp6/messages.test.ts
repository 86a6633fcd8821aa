/** What a DHCPv6 server may say, and what of it is believed: RFC 9915 16, 18.2, 21. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  bytes6,
  concat,
  type Dhcp6Message,
  type Dhcp6Option,
  dhcp6Option,
  dhcp6Type,
  HOUR,
  leaseOption6,
  MINUTE,
  type Random,
  SECOND,
  statusOption6,
} from "#simulate";
import { ADDRESS, changed, dhcp6Network, HELD, SERVER, SILENT, without } from "#tools/dhcp6-network";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp6.appl@kvm");
});

/** What it makes of the answers of a server that changes them all. */
function taken(
  edit: (answer: Dhcp6Message) => Dhcp6Message | undefined,
  change: (net: ReturnType<typeof dhcp6Network>) => void = () => {},
) {
  const net = dhcp6Network(program);
  change(net);
  net.server.edit = edit;
  net.machine.switchOn();
  net.simulation.run(10 * SECOND);
  return net.said.length === 0 ? undefined : net.said.join("; ");
}

const lease = (of: Partial<Parameters<typeof leaseOption6>[0]>, more: readonly Dhcp6Option[] = []) =>
  leaseOption6({ identity: 0, address: ADDRESS, valid: 86_400, preferred: 43_200, ...of }, more);
const option = (code: number, ...bytes: readonly number[]) => ({ code, content: Uint8Array.from(bytes) });
const inside = (...parts: readonly Uint8Array[]) => ({
  code: dhcp6Option.identity,
  content: concat(lease({}).content.subarray(0, 12), ...parts),
});
const head = (code: number, length: number) =>
  Uint8Array.of(code >> 8, code & 255, length >> 8, length & 255);
const refused = (status: number) =>
  `eth0: DHCPv6 server ${SERVER} gives no address, status ${status}, and is asked on`;
const { identity, server, client, status, nameServers, preference } = dhcp6Option;

describe("what servers say", () => {
  test.each<[string, readonly Dhcp6Option[], string | undefined]>([
    ["nothing unusual", [], HELD],
    ["another client", [option(client, 0, 3, 0, 1, 2, 0, 0, 0, 0, 9)], SILENT],
    ["a client that is longer", [option(client, 0, 3, 0, 1, 2, 0, 0, 0, 0, 9, 9)], SILENT],
    ["a server without a name", [option(server)], SILENT],
    ["an association of somebody else", [lease({ identity: 7 })], refused(0)],
    ["that of somebody else, too", [lease({ identity: 7, address: "2001:db8:77::9" }), lease({})], HELD],
    ["an association of eight bytes", [option(identity, 0, 0, 0, 0, 0, 0, 0, 0)], refused(0)],
    ["T1 behind T2", [lease({ renewal: 20, rebinding: 10 })], refused(0)],
    ["a life that is over", [lease({ valid: 0, preferred: 0 })], refused(0)],
    ["a life of nine seconds", [lease({ valid: 9, preferred: 9 })], refused(0)],
    ["more preferred than valid", [lease({ valid: 100, preferred: 101 })], refused(0)],
    ["a group", [lease({ address: "ff02::1" })], refused(0)],
    ["an address of the link", [lease({ address: "fe80::9" })], refused(0)],
    ["::1", [lease({ address: "::1" })], refused(0)],
    ["what 10.0.0.1 was once mapped to", [lease({ address: "::ffff:a00:1" })], refused(0)],
    ["that all is well, twice", [lease({}, [statusOption6(0)]), statusOption6(0)], HELD],
    ["that none is left, and one all the same", [lease({}, [statusOption6(2)])], refused(2)],
    ["that something is wrong", [statusOption6(1)], refused(1)],
    ["that servers are to be asked one by one, as before RFC 9915", [statusOption6(5)], refused(5)],
    ["a status of one byte", [option(status, 1)], HELD],
    ["an association with an option that is longer than it", [inside(head(5, 200))], SILENT],
    ["one with half an option", [inside(Uint8Array.of(0, 5))], SILENT],
    ["an address of ten bytes", [inside(head(5, 10), new Uint8Array(10))], refused(0)],
    ["name servers of odd length", [option(nameServers, 1, 2, 3)], HELD],
    ["no preference in that option", [option(preference)], HELD],
    ["a hundred things that nobody knows", Array.from({ length: 100 }, (_, n) => option(1000 + n, n)), HELD],
    [
      "twenty addresses: the first one is taken",
      [inside(...Array.from({ length: 20 }, () => lease({}).content.subarray(12)))],
      HELD,
    ],
  ])("%s", (_, options, said) => {
    expect(taken((answer) => changed(answer, ...options))).toBe(said);
  });

  test.each<[string, (answer: Dhcp6Message) => Dhcp6Message]>([
    ["another exchange", (answer) => ({ ...answer, transaction: answer.transaction ^ 1 })],
    ["no client", (answer) => without(answer, client)],
    ["no server", (answer) => without(answer, server)],
    ["RECONFIGURE", (answer) => ({ ...answer, type: dhcp6Type.reconfigure })],
    ["a question", (answer) => ({ ...answer, type: dhcp6Type.solicit })],
  ])("%s is not for it", (_, edit) => {
    expect(taken(edit)).toBe(SILENT);
  });

  test("a server may call itself whatever it likes, in up to 130 bytes: 11.1", () => {
    const named = (length: number) =>
      taken(
        (answer) => answer,
        (net) => {
          net.server.duid = new Uint8Array(length).fill(7);
        },
      );
    expect([1, 130, 131].map(named)).toEqual([HELD, HELD, SILENT]);
  });

  test("a reply by another server than the one that was asked", () => {
    const edit = (answer: Dhcp6Message) =>
      answer.type === dhcp6Type.reply ? changed(answer, option(server, 0, 3, 0, 1, 9)) : answer;
    expect(taken(edit)).toBeUndefined();
  });

  test("an address that it has already is none to be given", () => {
    const said = { isManaged: true, prefixes: [{ prefix: "2001:db8:77::" }] };
    const made = dhcp6Network(program, { pool: [] }, said);
    made.machine.switchOn();
    made.simulation.run(5 * SECOND);
    const own = made.machine.console.flatMap(({ text }) => /^eth0: (2001:\S+) /.exec(text)?.[1] ?? []);
    expect(own).toHaveLength(1);
    const net = dhcp6Network(program, { pool: own }, said);
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.said).toEqual([]);
    expect(net.answers(own[0]!)).toBe(true);
    expect(net.server.heard.length).toBeGreaterThan(20);
    expect(net.server.heard.length).toBeLessThan(200);
  });

  test("answers from another port, to another address, or to all are not for it", () => {
    const net = dhcp6Network(program);
    const { host } = net.server;
    net.server.garble = (message) => {
      const to = net.machine.console[0]!.text.split(" ")[1]!;
      host.sendUdp(to, 546, 4000, message);
      host.sendUdp("ff02::1", 546, 547, message);
      return [];
    };
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([SILENT]);
  });
});

/** With up to four wrong bytes, or shorter, or with a part of it twice. */
function mutated(message: Uint8Array, random: Random): Uint8Array {
  let bytes = message.slice();
  for (let times = random.below(5); times > 0; times--) {
    const at = 4 + random.below(Math.max(1, bytes.length - 4));
    const kind = random.below(8);
    if (kind < 3) bytes[at] = random.below(256);
    else if (kind === 3) bytes[at]! ^= 1 << random.below(8);
    else if (kind < 6) bytes[at] = [0, 1, 0x7f, 0xff][random.below(4)]!;
    else if (kind === 6) bytes = bytes.slice(0, at);
    else bytes = concat(bytes.subarray(0, at), bytes.subarray(Math.max(4, at - 40))).slice(0, 1400);
  }
  return bytes;
}

test.each(Array.from({ length: 8 }, (_, n) => n + 1))(
  "thousands of answers that are nearly right do no harm: seed %i",
  (seed) => {
    const more = [{ code: nameServers, content: concat(bytes6("2001:db8::53"), bytes6("2001:db8::54")) }];
    const net = dhcp6Network(
      program,
      { valid: 900, options: more, isRapid: seed % 3 === 0 },
      undefined,
      seed,
    );
    const random = net.simulation.random("garbled");
    net.server.garble = (message) => [
      ...Array.from({ length: 100 }, () => mutated(message, random)),
      ...(random.below(4) === 0 ? [] : [message]),
    ];
    net.machine.switchOn();
    const size = net.machine.memory.buffer.byteLength;
    for (let n = 0; n < 6; n++) {
      net.simulation.run(20 * MINUTE);
      net.cable.cut();
      net.simulation.run(SECOND);
      net.cable.heal();
    }
    expect(net.machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
    expect(net.machine.memory.buffer.byteLength).toBe(size);
    net.server.garble = (message) => [message];
    // What was believed for a day or for ever may hold until then: another network ends it.
    net.server.options = { pool: ["2001:db8:99::1"], valid: 900 };
    net.cable.cut();
    net.simulation.run(SECOND);
    net.cable.heal();
    net.simulation.run(HOUR);
    expect(net.said.at(-1)).toBe(`eth0: 2001:db8:99::1 by DHCPv6 from ${SERVER}, for 900 s`);
    expect(net.answers("2001:db8:99::1")).toBe(true);
  },
);
