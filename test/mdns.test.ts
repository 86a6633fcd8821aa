/** A machine that is found without a server: a process, and a board in QEMU, by Avahi and dig on a tap device, with tshark looking on; and in the simulator, by those who mean it badly. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  Cable,
  Host,
  hasGoodChecksum,
  Machine,
  MILLISECOND,
  parseEthernet,
  parseIpv4,
  SECOND,
  Simulation,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";
import { machineArguments } from "../backends/esp32/run.ts";
import { temporaryFolder } from "./appliance.ts";
import { appl } from "./command.ts";

describe("on a tap device", () => {
  const images = {
    linux: join(temporaryFolder(), "found.linux"),
    esp32: join(temporaryFolder(), "found.esp32"),
  };
  const tap = "tap,model=open_eth,ifname=here,script=no,downscript=no";
  const commands = {
    linux: [images.linux, "--tap", "here"],
    esp32: [
      "qemu-system-xtensa",
      ...machineArguments({ machine: "kc705-nommu", image: images.esp32 }),
      ...["-nic", tap],
    ],
  } as const;
  beforeAll(async () => {
    for (const [target, image] of Object.entries(images))
      await appl("build", `test/mdns.appl@${target}`, "-o", image);
  }, 240_000);

  /** `unshare`: a user, a network and mounts of its own. */
  function found(avahi: string, target: keyof typeof commands): string {
    const words = ["-Urnm", "sh", "test/mdns.sh", avahi, ...commands[target]];
    const { stdout, stderr, error } = spawnSync("unshare", words, { encoding: "utf8" });
    if (error) throw error;
    for (const [program, pack] of [
      ["avahi-daemon", "avahi-daemon"],
      ["avahi-browse", "avahi-utils"],
      ["dig", "bind9-dnsutils"],
      ["tshark", "tshark"],
    ])
      if (stderr.includes(`${program}: not found`)) throw new Error(`apt-get install ${pack}`);
    return stdout;
  }

  test.each([
    {
      target: "linux",
      avahi: "desk",
      name: "greenhouse",
      title: "greenhouse",
      office: "Office\\032\\195\\188",
    },
    {
      target: "esp32",
      avahi: "greenhouse",
      name: "greenhouse-2",
      title: "greenhouse\\032\\0402\\041",
      office: "Office\\032\\195\\188\\032\\0402\\041",
    },
  ] as const)(
    "on $target, beside a machine that is called $avahi, it is $name",
    ({ target, avahi, name, title, office }) => {
      const facts = `Web Site;local;${name}.local;10.77.0.2;80;"unit=7" "path=/"`;
      expect(found(avahi, target).split("\n")).toEqual([
        `name: ${name}.local`,
        expect.stringMatching(`^avahi: ${avahi}.local`),
        "browsed:",
        `=;here;IPv4;${title};${facts}`,
        expect.stringMatching(/^=;here;IPv6;/),
        `+;here;IPv4;${office};Internet Printer;local`,
        `+;here;IPv6;${office};Internet Printer;local`,
        "subtype: 2",
        "all: Internet Printer Web Site ",
        `resolved: ${name}.local 10.77.0.2`,
        expect.stringMatching(`^resolved: ${name}.local (fd77::2|link-local)$`),
        `back: 10.77.0.2 ${name}.local`,
        `back: fd77::2 ${name}.local`,
        `dig back: ${name}.local. ${name}.local.`,
        "dig to one: 10.77.0.2",
        "dig ttl: 10 IN",
        "no other: 1",
        "nobody: 1",
        "http: hello",
        "malformed: 0",
        "hops: 255 ",
        "groups: 3/224.0.0.251 1",
        "",
      ]);
    },
    120_000,
  );
});

describe("in the simulator", () => {
  let program: WebAssembly.Module;
  beforeAll(async () => {
    program = await simulatedAppliance("test/mdns.appl@linux");
  }, 120_000);

  const name = [...label("greenhouse"), ...label("local"), 0];
  const back = [..."2.0.77.10.in-addr.arpa".split(".").flatMap(label), 0];
  const kind = [...label("_http"), ...label("_tcp"), ...label("local"), 0];
  const query = (owner: readonly number[], type: number, flags = 0, answers: readonly number[] = []) =>
    Uint8Array.of(
      0,
      7,
      flags >> 8,
      flags & 255,
      0,
      1,
      0,
      answers.length > 0 ? 1 : 0,
      0,
      0,
      0,
      0,
      ...owner,
      0,
      type,
      0,
      1,
      ...answers,
    );

  function label(text: string): number[] {
    return [text.length, ...new TextEncoder().encode(text)];
  }

  /** A machine that was just switched on. */
  function powered() {
    const simulation = new Simulation();
    const machine = new Machine(simulation, { name: "box", program });
    const client = new Host(simulation, { name: "client", address: "10.77.0.1/24" });
    new Cable(simulation, client.port, machine.port);
    machine.switchOn();
    return { simulation, machine, client };
  }

  function network() {
    const { simulation, machine, client } = powered();
    /** Payloads of UDP that it has sent over IPv4. */
    const said: Uint8Array[] = [];
    client.onFrame((frame) => {
      const packet = parseIpv4(parseEthernet(frame)?.payload ?? new Uint8Array());
      if (packet?.protocol === 17 && packet.from === "10.77.0.2") {
        expect(hasGoodChecksum(frame)).toBe(true);
        said.push(packet.payload);
      }
      return false;
    });
    simulation.run(5 * SECOND);
    said.length = 0;
    return { simulation, machine, client, said };
  }

  test("who knows the answer already hears nothing, unless it is about to be forgotten: RFC 6762 7.1", () => {
    const { simulation, client, said } = network();
    const known = (ttl: number) => {
      const instance = [...label("greenhouse"), 0xc0, 12];
      return query(kind, 12, 0, [
        0xc0,
        12,
        0,
        12,
        0,
        1,
        0,
        0,
        ttl >> 8,
        ttl & 255,
        0,
        instance.length,
        ...instance,
      ]);
    };
    client.sendUdp("10.77.0.2", 5353, 5353, known(3000));
    simulation.run(2 * SECOND);
    expect(said).toHaveLength(0);
    client.sendUdp("10.77.0.2", 5353, 5353, known(1000));
    simulation.run(2 * SECOND);
    expect(said).toHaveLength(1);
  });

  test("from each address the way leads back to the name, and who asks about one hears of that one", () => {
    const { simulation, client, said } = network();
    client.sendUdp("10.77.0.2", 5353, 4000, query(back, 12));
    simulation.run(SECOND);
    expect(said).toHaveLength(1);
    const answer = [...said[0]!.subarray(8)];
    expect(answer.slice(6, 8)).toEqual([0, 1]);
    // The question, and the answer for ten seconds, since who asked is no member of the group.
    expect(answer.slice(12)).toEqual([
      ...back,
      0,
      12,
      0,
      1,
      ...back,
      0,
      12,
      0,
      1,
      0,
      0,
      0,
      10,
      0,
      name.length,
      ...name,
    ]);
    said.length = 0;
    client.sendUdp("10.77.0.2", 5353, 4000, query([...label("3"), ...back.slice(2)], 12));
    client.sendUdp(
      "10.77.0.2",
      5353,
      4000,
      query(back, 12, 0, [0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 120, 0, name.length, ...name]),
    );
    simulation.run(SECOND);
    expect(said).toHaveLength(0);
  });

  test("what was told to all is not told again within a second, whoever asks how often", () => {
    const { simulation, client, said } = network();
    simulation.run(60 * SECOND);
    for (let n = 0; n < 100; n++) {
      client.sendUdp("10.77.0.2", 5353, 5353, query(kind, 12));
      simulation.run(10 * MILLISECOND);
    }
    // To all once, after that to one alone, as often as that is allowed.
    expect(said.length).toBeLessThanOrEqual(1 + 2 * 20);
  });

  test("answers to one alone have a limit, and nobody from elsewhere gets one: RFC 6762 11", () => {
    const { simulation, client, said } = network();
    for (let n = 0; n < 500; n++) client.sendUdp("10.77.0.2", 5353, 4000 + n, query(name, 1));
    simulation.run(SECOND);
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThanOrEqual(20);
    said.length = 0;
    client.sendIp("10.77.0.2", 17, Uint8Array.of(0x0f, 0xa0, 0x14, 0xe9, 0, 40, 0, 0, ...query(name, 1)), {
      from: "192.0.2.1",
    });
    simulation.run(2 * SECOND);
    expect(said).toHaveLength(0);
  });

  describe("who asks for the name at the same time", () => {
    const A = (address: string) => record(1, address.split(".").map(Number));
    const AAAA = (last: number) => record(28, [0xfd, 0x77, ...Array.from({ length: 13 }, () => 0), last]);
    const record = (type: number, data: readonly number[]): number[] => [
      ...[0xc0, 12, 0, type, 0, 1, 0, 0, 0, 120, data.length >> 8, data.length & 255],
      ...data,
    ];
    /** RFC 6762 8.1: a question for anything of the name, and what will be told of it. */
    const probe = (owner: readonly number[], records: readonly number[][]) =>
      Uint8Array.of(
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        records.length,
        0,
        0,
        ...owner,
        0,
        255,
        0,
        1,
        ...records.flat(),
      );

    /** Milliseconds until the name is known to be free, while somebody else probes in the first second. */
    function namedAfter(bytes: Uint8Array): number {
      const { simulation, machine, client } = powered();
      let began = 0;
      client.onFrame((frame) => {
        const packet = parseIpv4(parseEthernet(frame)?.payload ?? new Uint8Array());
        if (began > 0 || packet?.protocol !== 17 || packet.to !== "224.0.0.251") return false;
        began = simulation.now;
        client.sendUdp("10.77.0.2", 5353, 5353, bytes);
        return false;
      });
      const named = () => machine.console.find(({ text }) => text.includes("over IPv4 it is called"));
      simulation.until(() => named() !== undefined, 20 * SECOND);
      return Math.round((named()!.time - began) / MILLISECOND);
    }
    const PROBES = 750;
    const WAIT = 1000;
    const instance = [...label("greenhouse"), ...kind];
    const txt = [...label("path=/"), ...label("unit=7")];
    const srv = (port: number) => record(33, [0, 0, 0, 0, port >> 8, port & 255, ...name]);

    test.each<[string, readonly number[], readonly number[][], "waits" | "stays"]>([
      ["with our address, and no other record", name, [A("10.77.0.2")], "stays"],
      ["with a higher address", name, [A("10.77.0.3")], "waits"],
      ["with a lower address", name, [A("10.77.0.1")], "stays"],
      [
        "with a lower address and one of IPv6, which is the greater type but comes later",
        name,
        [A("10.77.0.1"), AAAA(9)],
        "stays",
      ],
      ["with a lower and a higher address", name, [A("10.77.0.3"), A("10.77.0.1")], "stays"],
      ["with our address and a further record", name, [AAAA(9), A("10.77.0.2")], "waits"],
      ["with an address of IPv6 alone", name, [AAAA(1)], "waits"],
      ["with our service and another port, the lower one", instance, [srv(79), record(16, txt)], "stays"],
      ["with our service and another port, the higher one", instance, [srv(81), record(16, txt)], "waits"],
      [
        "with other facts of our service, which come later",
        instance,
        [srv(79), record(16, [0xff, ...txt])],
        "waits",
      ],
      ["with no facts of our service", instance, [srv(81), record(16, [0])], "stays"],
      ["with another name", kind, [A("10.77.0.3")], "stays"],
    ])("%s: RFC 6762 8.2.1", (_, owner, records, expected) => {
      expect(namedAfter(probe(owner, records))).toBe(PROBES + (expected === "waits" ? WAIT : 0));
    });

    test("with whatever damaged records: it has its name when that is over", () => {
      const samples = [
        probe(name, [A("10.77.0.3"), AAAA(9), A("10.77.0.2")]),
        probe(instance, [srv(81), record(16, txt), record(33, [0, 0, 0, 0, 0, 80, 0xc0, 12])]),
        probe(
          name,
          Array.from({ length: 60 }, (_, n) => A(`10.77.0.${n}`)),
        ),
      ];
      const mutations = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 8 });
      fc.assert(
        fc.property(fc.constantFrom(...samples), mutations, fc.nat(900), (sample, changes, cut) => {
          const { simulation, machine, client } = powered();
          const bytes = sample.slice(0, Math.max(cut, 1));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          for (let n = 0; n < 8; n++) {
            client.sendUdp("10.77.0.2", 5353, 5353, bytes);
            simulation.run(100 * MILLISECOND);
          }
          simulation.run(10 * SECOND);
          expect(machine.console.map(({ text }) => text)).toContainEqual(
            expect.stringContaining("over IPv4 it is called greenhouse"),
          );
        }),
        { numRuns: 100 },
      );
    }, 120_000);
  });

  test("whatever is sent, it goes on answering, and never says more than a few messages", () => {
    const samples = [
      query(name, 1),
      query(name, 255),
      query(kind, 12, 0x0200),
      query([0xc0, 12], 12),
      query(back, 12),
      query(back, 12, 0, [0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 120, 0, name.length, ...name]),
      query(kind, 12, 0x8400),
      query(name, 1, 0, [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 120, 0, 4, 10, 77, 0, 2]),
      query(name, 255, 0, [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 120, 0, 2, 0xc0, 12]),
    ];
    const { simulation, client, said } = network();
    const mutations = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        mutations,
        fc.nat(80),
        fc.boolean(),
        (sample, changes, cut, own) => {
          const bytes = sample.slice(0, Math.max(cut, 1));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          client.sendUdp("10.77.0.2", 5353, own ? 5353 : 4000, bytes);
          simulation.run(200 * MILLISECOND);
          expect(said.length).toBeLessThanOrEqual(12);
          said.length = 0;
        },
      ),
      { numRuns: 3000 },
    );
    simulation.run(30 * SECOND);
    said.length = 0;
    client.sendUdp("10.77.0.2", 5353, 4000, query(name, 1));
    simulation.run(SECOND);
    expect(said).toHaveLength(1);
  }, 120_000);
});
