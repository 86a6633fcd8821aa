/** Several addresses of IPv4 on an interface, and ways besides the gateway: RFC 1122 3.3.1, 3.3.4. */
import { expect, test } from "vitest";
import { addressNumber, arp, ethernet, icmp, ipv4, parseArp, parseEthernet, parseIpv4 } from "#simulate";
import { type SentFrame, SimulatedHost } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const everybody = "ff:ff:ff:ff:ff:ff";
const lan = {
  address: "10.0.2.15/24",
  addresses: ["10.0.2.16/24", "172.16.5.1/16", "203.0.113.9/32"],
  gateway: "10.0.2.2",
  mac: ours,
  routes: [
    ["192.168.0.0/16", "172.16.0.1"],
    ["192.168.7.0/24", "10.0.2.9"],
    ["172.16.99.0/24", "10.0.2.9"],
    ["0.0.0.0/0", "10.0.2.2"],
    ["0.0.0.0/0", "10.0.2.3"],
  ] as const,
};
const other = { address: "10.9.0.1/24", gateway: "10.9.0.2", mac: "52:54:00:12:34:57" };

async function started(): Promise<SimulatedHost> {
  const host = await SimulatedHost.make([lan, other]);
  host.start();
  host.pass(3000);
  return host;
}

/** Who asks whom for a hardware address. */
const asked = (frames: readonly SentFrame[]) =>
  frames.flatMap(({ link, bytes }) => {
    const { type, payload } = parseEthernet(bytes)!;
    const question = type === 0x0806 ? parseArp(payload)! : undefined;
    return question?.operation === 1 ? [`${link}: ${question.sender} for ${question.target}`] : [];
  });

const answer = (target: string, sender: string) =>
  ethernet(theirs, ours, 0x0806, arp({ operation: 2, senderMac: theirs, sender, targetMac: ours, target }));

const sendTo = (host: SimulatedHost, to: string) => {
  expect(host.as.exports["sendFrom"](1000, 0n, BigInt(addressNumber(to)), 53, 4)).toBe(1);
  return host.turn();
};

test("each address is announced, and asked for before", async () => {
  const host = await SimulatedHost.make([lan]);
  const all = ["10.0.2.15", "10.0.2.16", "172.16.5.1", "203.0.113.9"];
  expect(asked(host.start())).toEqual([
    ...all.map((each) => `0: 0.0.0.0 for ${each}`),
    ...all.map((each) => `0: ${each} for ${each}`),
  ]);
  expect(asked(host.pass(2000))).toEqual(all.map((each) => `0: ${each} for ${each}`));
  expect(host.console()).toContain("eth0: 10.0.2.15, 10.0.2.16, 172.16.5.1, 203.0.113.9 52:54");
});

test.each(["10.0.2.15", "10.0.2.16", "172.16.5.1", "203.0.113.9"])(
  "%s is answered for, and answers",
  async (own) => {
    const host = await started();
    const question = arp({ operation: 1, senderMac: theirs, sender: "10.0.2.2", target: own });
    const [told] = host.receive(ethernet(theirs, everybody, 0x0806, question));
    expect(parseArp(parseEthernet(told!.bytes)!.payload)).toMatchObject({ operation: 2, sender: own });
    const echo = ipv4({ from: "10.0.2.2", to: own, protocol: 1 }, icmp(8, 0, 0x10001, new Uint8Array(8)));
    const [reply] = host.receive(ethernet(theirs, ours, 0x0800, echo));
    expect(parseIpv4(parseEthernet(reply!.bytes)!.payload)).toMatchObject({
      from: own,
      to: "10.0.2.2",
    });
  },
);

test("what is sent to an address of another interface, or to nobody's, is dropped", async () => {
  const host = await started();
  for (const destination of ["10.9.0.1", "10.0.2.17", "172.16.5.2"]) {
    const echo = ipv4(
      { from: "10.0.2.2", to: destination, protocol: 1 },
      icmp(8, 0, 0x10001, new Uint8Array(8)),
    );
    expect(host.receive(ethernet(theirs, ours, 0x0800, echo))).toEqual([]);
  }
});

test("nobody may come from an address of ours, or from all of a network", async () => {
  const host = await started();
  for (const source of ["10.0.2.16", "172.16.5.1", "172.16.255.255", "10.0.2.255"]) {
    const echo = ipv4({ from: source, to: "10.0.2.15", protocol: 1 }, icmp(8, 0, 0x10001, new Uint8Array(8)));
    expect(host.receive(ethernet(theirs, ours, 0x0800, echo)), source).toEqual([]);
  }
});

test("a further address is defended once in ten seconds, each by itself", async () => {
  const host = await started();
  host.console();
  const claim = (sender: string) =>
    ethernet(theirs, everybody, 0x0806, arp({ operation: 1, senderMac: theirs, sender, target: sender }));
  expect(asked(host.receive(claim("172.16.5.1")))).toEqual(["0: 172.16.5.1 for 172.16.5.1"]);
  expect(host.receive(claim("172.16.5.1"))).toEqual([]);
  expect(asked(host.receive(claim("10.0.2.16")))).toEqual(["0: 10.0.2.16 for 10.0.2.16"]);
  expect(host.console()).toBe(
    "net: address conflict: 02:00:00:00:00:02 also uses 172.16.5.1\r\nnet: address conflict: 02:00:00:00:00:02 also uses 10.0.2.16\r\n",
  );
  host.pass(10_000);
  expect(asked(host.receive(claim("172.16.5.1")))).toEqual(["0: 172.16.5.1 for 172.16.5.1"]);
});

test.each([
  ["a neighbour of the first address", "10.0.2.77", "0: 10.0.2.15 for 10.0.2.77"],
  ["one of a further address", "172.16.3.3", "0: 172.16.5.1 for 172.16.3.3"],
  ["a network that a route leads to", "192.168.1.1", "0: 172.16.5.1 for 172.16.0.1"],
  ["the longer of two prefixes", "192.168.7.1", "0: 10.0.2.15 for 10.0.2.9"],
  ["a route into a part of a network of ours", "172.16.99.1", "0: 10.0.2.15 for 10.0.2.9"],
  ["everything else", "198.51.100.1", "0: 10.0.2.15 for 10.0.2.2"],
  ["the network of another interface", "10.9.0.7", "1: 10.9.0.1 for 10.9.0.7"],
])("packets to %s go to who is next", async (_, to, question) => {
  const host = await started();
  expect(asked(sendTo(host, to))).toEqual([question]);
});

test("what waited goes when the router has said where it is, from the address that it was asked with", async () => {
  const host = await started();
  sendTo(host, "192.168.1.1");
  const [sent] = host.receive(answer("172.16.5.1", "172.16.0.1"));
  expect(parseIpv4(parseEthernet(sent!.bytes)!.payload)).toMatchObject({
    from: "172.16.5.1",
    to: "192.168.1.1",
  });
});

test("the second gateway takes the place of one that does not answer, for half a minute", async () => {
  const host = await started();
  const to = "198.51.100.1";
  expect(asked(sendTo(host, to))).toEqual(["0: 10.0.2.15 for 10.0.2.2"]);
  host.pass(4000);
  expect(asked(sendTo(host, to))).toEqual(["0: 10.0.2.15 for 10.0.2.3"]);
  expect(host.receive(answer("10.0.2.15", "10.0.2.3"))).toHaveLength(1);
  host.pass(30_000);
  expect(asked(sendTo(host, to))).toEqual(["0: 10.0.2.15 for 10.0.2.2"]);
});
