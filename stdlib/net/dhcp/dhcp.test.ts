/** The client of DHCP in simulated networks, with servers by script: RFC 2131, 2132, 4361, 5227. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  arp,
  askUdp,
  DhcpServer,
  type DhcpServerOptions,
  dhcpType,
  dnsQuestion,
  ethernet,
  etherType,
  HOUR,
  MINUTE,
  parseArp,
  parseEthernet,
  readDnsAnswer,
  SECOND,
} from "#simulate";
import { ADDRESS, changed, dhcpNetwork, EVERYBODY, HELD, macOf, ROUTER } from "#tools/dhcp-network";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp.appl@kvm");
});
const network = (options: Partial<DhcpServerOptions> = {}, seed = 1) => dhcpNetwork(program, options, seed);

describe("an address", () => {
  test("is asked for, tried, announced, and used: RFC 2131 3.1, 5227 2", () => {
    const net = network({ nameServers: ["10.0.2.3"] });
    net.machine.switchOn();
    net.simulation.run(SECOND);
    expect(net.said).toEqual([HELD]);
    expect(net.server.types).toBe("discover request");
    const arps = net.trace.events.flatMap((event) => {
      if (event.kind !== "sent" || event.port !== net.machine.port) return [];
      const frame = parseEthernet(event.frame)!;
      const packet = frame.type === etherType.arp ? parseArp(frame.payload) : undefined;
      return packet === undefined ? [] : [`${packet.sender} ${packet.target}`];
    });
    expect(arps).toEqual([...Array.from({ length: 3 }, () => `0.0.0.0 ${ADDRESS}`), `${ADDRESS} ${ADDRESS}`]);
    expect(net.answers(ADDRESS)).toBe(true);
    const question = askUdp(net.host, ADDRESS, 53, dnsQuestion("www.example.com", "A", 7)!);
    net.simulation.run(SECOND);
    expect(readDnsAnswer(question.answer!)!.records[0]).toContain("192.0.2.80");
  });

  test("what is asked: names, wishes, and who asks (RFC 2132, 3442, 4361)", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(SECOND);
    const [discover, request] = net.server.heard;
    const mac = macOf(net.machine);
    const duid = [0, 3, 0, 1, ...mac.split(":").map((digits) => Number.parseInt(digits, 16))];
    for (const each of [discover!, request!]) {
      expect(each).toMatchObject({ operation: 1, flags: 0, clientAddress: "0.0.0.0", mac });
      expect([...each.options.get(61)!]).toEqual([255, 0, 0, 0, 0, ...duid]);
      expect([...each.options.get(55)!]).toEqual([1, 121, 3, 6, 26, 51, 58, 59]);
      expect([...each.options.get(57)!]).toEqual([1472 >> 8, 1472 & 255]);
      expect(String.fromCharCode(...each.options.get(12)!)).toBe("asking");
    }
    expect(request!.transaction).toBe(discover!.transaction);
    expect(discover!.options.has(50) || discover!.options.has(54)).toBe(false);
    expect([...request!.options.get(50)!]).toEqual([10, 0, 2, 15]);
    expect([...request!.options.get(54)!]).toEqual([10, 0, 2, 2]);
  });

  test("before it has one it answers nobody, not even at 0.0.0.0", () => {
    const net = network();
    net.server.isOn = false;
    net.machine.switchOn();
    expect(net.answers(ADDRESS)).toBe(false);
    const probe = arp({ operation: 1, senderMac: net.host.mac, sender: "0.0.0.0", target: "0.0.0.0" });
    net.host.sendFrame(ethernet(net.host.mac, EVERYBODY, etherType.arp, probe));
    net.simulation.run(SECOND);
    const sent = net.trace
      .lines()
      .filter((line) => line.includes("asking.0 >") && !line.includes("0.0.0.0:68"));
    expect(sent).toEqual([]);
  });

  test("servers that answer nobody are asked at growing intervals, and it is said once: 4.1", () => {
    const net = network();
    net.server.edit = () => undefined;
    net.machine.switchOn();
    const times: number[] = [];
    net.host.onUdp(67, () => times.push(net.simulation.now / SECOND));
    net.simulation.run(10 * MINUTE);
    const waits = times.slice(1).map((time, n) => time - times[n]!);
    [4, 8, 16, 32, 64, 64, 64].forEach((wait, n) => {
      expect(waits[n]).toBeGreaterThanOrEqual(wait - 1);
      expect(waits[n]).toBeLessThanOrEqual(wait + 1);
    });
    expect(new Set(waits).size).toBe(waits.length);
    expect(net.said).toEqual(["eth0: no DHCP server answers, and they are asked on"]);
  });

  test.each(Array.from({ length: 30 }, (_, n) => n + 1))(
    "comes in spite of loss, late and double frames: seed %i",
    (seed) => {
      const net = network({}, seed);
      net.cable.set({ loss: 0.3, duplication: 0.2, reordering: 0.2 });
      net.machine.switchOn();
      net.simulation.run(10 * MINUTE);
      expect(net.said.at(-1)).toBe(HELD);
      net.cable.set({ loss: 0, duplication: 0, reordering: 0 });
      expect(net.answers(ADDRESS)).toBe(true);
      expect(net.machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
    },
  );

  test("of two servers the first is taken, and both learn which", () => {
    const net = network();
    const other = new DhcpServer(net.join("other", "10.0.2.4"), { pool: ["10.0.2.99"] });
    net.machine.switchOn();
    net.simulation.run(SECOND);
    expect(net.said).toEqual([HELD]);
    expect(other.types).toBe("discover request");
    expect(other.holder("10.0.2.99")).toBeUndefined();
  });

  test("from the third try on the answer may come to everybody", () => {
    const net = network();
    net.server.edit = (answer, question) => (question.flags === 0 ? undefined : answer);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([HELD]);
  });
});

describe("a lease", () => {
  const SHORT = `eth0: ${ADDRESS}/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 3600 s`;

  test("is renewed at half of its time, again and again, without a word", () => {
    const net = network({ lease: 3600 });
    net.machine.switchOn();
    net.simulation.run(48 * HOUR);
    expect(net.said).toEqual([SHORT]);
    const [, , ...renewals] = net.server.heard;
    expect(renewals.length).toBeGreaterThan(90);
    expect(renewals.length).toBeLessThan(110);
    for (const each of renewals) {
      expect(each.clientAddress).toBe(ADDRESS);
      expect(each.options.has(50) || each.options.has(54)).toBe(false);
    }
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("times that the server says are kept, if they can be: 4.4.5", () => {
    const times = (...options: readonly (readonly number[] | undefined)[]) => {
      const net = network({ lease: 3600, options: { 58: options[0], 59: options[1] } });
      net.machine.switchOn();
      net.simulation.run(2000 * SECOND);
      return net.server.heard.length > 2;
    };
    expect(times([0, 0, 3, 0], [0, 0, 12, 0])).toBe(true);
    expect(times([0, 0, 11, 0], [0, 0, 12, 0])).toBe(false);
    // T1 behind T2, T2 behind the end: as if nothing had been said.
    expect(times([0, 0, 12, 0], [0, 0, 11, 0])).toBe(true);
    expect(times([0, 0, 12, 0], [0, 0, 15, 0])).toBe(true);
    expect(times([0, 0, 12], [0, 0, 13, 0])).toBe(true);
  });

  test("nobody renews it: then it is over, and another one is asked for", () => {
    const net = network({ lease: 3600 });
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.server.isOn = false;
    net.simulation.run(HOUR - 2 * MINUTE);
    expect(net.answers(ADDRESS)).toBe(true);
    net.simulation.run(2 * MINUTE);
    expect(net.answers(ADDRESS)).toBe(false);
    expect(net.said.slice(1)).toEqual([
      `eth0: DHCP server ${ROUTER} does not renew ${ADDRESS}: all are asked`,
      `eth0: ${ADDRESS} is given up: nobody has renewed it`,
      "eth0: no DHCP server answers, and they are asked on",
    ]);
    net.server.isOn = true;
    net.simulation.run(2 * MINUTE);
    expect(net.said.at(-1)).toBe(SHORT);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("another server may renew it, from T2 on", () => {
    const net = network({ lease: 3600 });
    const other = new DhcpServer(net.join("other", "10.0.2.4"), { pool: [ADDRESS], lease: 3600 });
    other.edit = (answer, question) => (question.options.has(50) ? undefined : answer);
    other.isOn = false;
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.server.isOn = false;
    other.isOn = true;
    net.simulation.run(HOUR);
    expect(net.said.slice(1)).toEqual([
      `eth0: DHCP server ${ROUTER} does not renew ${ADDRESS}: all are asked`,
      `eth0: ${ADDRESS}/24 by DHCP from 10.0.2.4, router 10.0.2.4, for 3600 s`,
    ]);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("its server is back before it ends", () => {
    const net = network({ lease: 3600 });
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.server.isOn = false;
    net.simulation.run(54 * MINUTE);
    net.server.isOn = true;
    net.simulation.run(HOUR);
    expect(net.said).toEqual([
      SHORT,
      `eth0: DHCP server ${ROUTER} does not renew ${ADDRESS}: all are asked`,
      SHORT,
    ]);
  });

  test("without end is not renewed", () => {
    const net = network({ lease: 0xffffffff });
    net.machine.switchOn();
    net.simulation.run(1000 * HOUR);
    expect(net.said).toEqual([`eth0: ${ADDRESS}/24 by DHCP from ${ROUTER}, router ${ROUTER}, for ever`]);
    expect(net.server.types).toBe("discover request");
  });

  test("that is refused when it is to be renewed is given up at once", () => {
    const net = network({ lease: 3600 });
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.server.options = { pool: ["10.0.2.77"], lease: 3600 };
    net.server.forget();
    net.simulation.run(HOUR);
    expect(net.said.slice(1)).toEqual([
      `eth0: ${ADDRESS} is refused by DHCP server ${ROUTER}`,
      `eth0: 10.0.2.77/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 3600 s`,
    ]);
    expect(net.answers(ADDRESS)).toBe(false);
    expect(net.answers("10.0.2.77")).toBe(true);
  });

  test("a server that offers and then refuses is asked ever more seldom", () => {
    const net = network();
    net.server.edit = (answer, question) =>
      question.options.get(53)![0] === dhcpType.request
        ? changed(answer, { 53: [dhcpType.nak], 51: undefined })
        : answer;
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.server.heard.length).toBeGreaterThan(20);
    expect(net.server.heard.length).toBeLessThan(200);
  });
});

describe("conflicts", () => {
  test("an address that somebody has is declined, and another one is asked for: 3.1, 4.4.1", () => {
    const net = network();
    const thief = net.join("thief", ADDRESS);
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    expect(net.said).toEqual([
      `eth0: ${ADDRESS} from DHCP server ${ROUTER} is declined: ${thief.mac} uses it`,
      `eth0: 10.0.2.16/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 86400 s`,
    ]);
    expect(net.server.types).toBe("discover request decline discover request");
    const decline = net.server.heard[2]!;
    expect(decline.clientAddress).toBe("0.0.0.0");
    expect([...decline.options.keys()].sort((a, b) => a - b)).toEqual([50, 53, 54, 61]);
  });

  test("so is one that somebody else tries at the same time: RFC 5227 2.1.1", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(SECOND / 4);
    const probe = arp({ operation: 1, senderMac: net.host.mac, sender: "0.0.0.0", target: ADDRESS });
    net.host.sendFrame(ethernet(net.host.mac, EVERYBODY, etherType.arp, probe));
    net.simulation.run(MINUTE);
    expect(net.server.types).toBe("discover request decline discover request");
  });

  test("an address in use is defended once, and given up the second time: RFC 5227 2.4 b", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    const thief = "02:00:00:00:00:99";
    const claim = () =>
      net.host.sendFrame(
        ethernet(
          thief,
          EVERYBODY,
          etherType.arp,
          arp({ operation: 1, senderMac: thief, sender: ADDRESS, target: ADDRESS }),
        ),
      );
    claim();
    net.simulation.run(11 * SECOND);
    claim();
    net.simulation.run(SECOND);
    expect(net.answers(ADDRESS)).toBe(true);
    claim();
    net.simulation.run(MINUTE);
    expect(net.said.slice(-2)).toEqual([
      `eth0: ${ADDRESS} from DHCP server ${ROUTER} is declined: ${thief} uses it`,
      `eth0: 10.0.2.16/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 86400 s`,
    ]);
  });
});

describe("the link", () => {
  test("comes back: the lease is confirmed, and nothing else happens", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.cable.cut();
    net.simulation.run(MINUTE);
    net.cable.heal();
    net.simulation.run(SECOND);
    expect(net.said.slice(1)).toEqual(["eth0: the link is down", "eth0: the link is up"]);
    const asked = net.server.heard.at(-1)!;
    expect(asked.clientAddress).toBe("0.0.0.0");
    expect([...asked.options.get(50)!]).toEqual([10, 0, 2, 15]);
    expect(asked.options.has(54)).toBe(false);
    expect(net.answers(ADDRESS)).toBe(true);
  });

  test("comes back in another network: its server refuses the address", () => {
    const net = network();
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.cable.cut();
    net.server.options = { pool: ["10.0.2.77"] };
    net.server.forget();
    net.simulation.run(MINUTE);
    net.cable.heal();
    net.simulation.run(MINUTE);
    expect(net.said.slice(-2)).toEqual([
      `eth0: ${ADDRESS} is refused by DHCP server ${ROUTER}`,
      `eth0: 10.0.2.77/24 by DHCP from ${ROUTER}, router ${ROUTER}, for 86400 s`,
    ]);
  });

  test("comes back, and nobody answers: the lease holds until its end (3.2)", () => {
    const net = network({ lease: 3600 });
    net.machine.switchOn();
    net.simulation.run(MINUTE);
    net.server.isOn = false;
    net.cable.cut();
    net.simulation.run(SECOND);
    net.cable.heal();
    net.simulation.run(5 * MINUTE);
    expect(net.answers(ADDRESS)).toBe(true);
    net.simulation.run(HOUR);
    expect(net.said).toContain(`eth0: ${ADDRESS} is given up: nobody has renewed it`);
  });

  test("is not there at first", () => {
    const net = network();
    net.cable.cut();
    net.machine.switchOn();
    net.simulation.run(HOUR);
    expect(net.machine.turns).toBeLessThan(20);
    net.cable.heal();
    net.simulation.run(SECOND);
    expect(net.said).toEqual(["eth0: the link is down", "eth0: the link is up", HELD]);
  });

  test("goes while an address is asked for", () => {
    for (const time of [0, 0.1, 0.3, 0.5]) {
      const net = network();
      net.server.edit = (answer, { options }) =>
        time === 0 && options.get(53)![0] === dhcpType.discover ? undefined : answer;
      net.machine.switchOn();
      net.simulation.run(time * SECOND + 1);
      net.cable.cut();
      net.simulation.run(MINUTE);
      net.server.edit = (answer) => answer;
      net.cable.heal();
      net.simulation.run(SECOND);
      expect(net.said.at(-1)).toBe(HELD);
    }
  });
});
