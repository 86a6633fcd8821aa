/** RFC 5936, 1995, 1996 and SOA's times: zones that come from other servers, by a script that is those servers. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  chance,
  type DnsInstance,
  dnsInstance,
  framed,
  macOf,
  message,
  readMessage,
  readTsig,
  signed,
  unframed,
  wireName,
} from "#tools/dns-oracle/index";
import { a, answer, base, be, nameOf, ns, record, soa, type Times } from "#tools/dns-oracle/z-test";

const AXFR = 252;
const IXFR = 251;
const PRIMARY = 0x0a000001;
const OTHER = 0x0a000002;
const DOWNSTREAM = 0x0a000003;
/** In `counters.ts`. */
const FAILED = 12;
const code = { noerror: 0, servfail: 2, nxdomain: 3, refused: 5, notauth: 9 };
const secret = Uint8Array.from({ length: 32 }, (_, n) => n * 5 + 1);
const keys = [{ name: "xfr.", algorithm: 0, secret }];

let dns: DnsInstance;
let time = 0;
beforeEach(async () => {
  time = 0;
  await begin({});
});

async function begin(options: Partial<Parameters<typeof dnsInstance>[1]>, more: object = {}): Promise<void> {
  const zone = { name: "z.test", from: PRIMARY, other: OTHER, memory: 65_536, ...more };
  dns = await dnsInstance([], { transfers: { 0: { to: DOWNSTREAM } }, secondaries: [zone], ...options });
  dns.setWall(1_800_000_000);
}

/** It is so late: the questions that it sends to its server then, on a new connection. */
function at(seconds: number): Uint8Array[] {
  time = seconds;
  dns.stream.time(seconds);
  return connected();
}
const later = (seconds: number) => at(time + seconds);
function connected(): Uint8Array[] {
  return unframed(dns.stream.room(1000));
}
/** The server's answer; what is asked for at once then. */
function say(...messages: readonly Uint8Array[]): Uint8Array[] {
  dns.stream.arrive(...messages.map(framed));
  for (let n = 0; n < 50; n++) dns.stream.time(time);
  return connected();
}
const ask = (name: string, type = 1) => readMessage(dns.ask(message(wireName(`${name}.`), type, {}))!);
const addressOf = (name: string) => ask(name).answer.map(({ value }) => value);
const serialOf = () => Number.parseInt(ask("z.test", 6).answer[0]!.value.slice(-40, -32), 16);
const typeOf = (question: Uint8Array) => question[12 + nameOf("z.test").length + 1];

/** The zone is there, with this serial number. */
function filled(serial = 1, records = base, times: Times = {}): void {
  const [question] = at(time);
  say(answer(question!, [soa(serial, times), ...records, soa(serial, times)]));
}

test("before it has the zone: SERVFAIL; then what came", () => {
  expect(ask("ns.z.test").rcode).toBe(code.servfail);
  const [question] = at(0);
  expect(typeOf(question!)).toBe(AXFR);
  say(answer(question!, [soa(7), ...base, soa(7)]));
  expect(addressOf("ns.z.test")).toEqual(["0a000001"]);
  expect([serialOf(), dns.lines()]).toEqual([7, ["dns: z.test: serial 7 from 10.0.0.1, 2 names, 1 KiB"]]);
});

test("in any number of messages, cut in any way", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 40 }), (cuts) => {
      const [question] = later(1000);
      const serial = Math.floor(time);
      const parts = [[soa(serial)], base, [a("w.z.test", cuts.length), soa(serial)]];
      const stream = Buffer.concat(parts.map((part) => framed(answer(question!, part))));
      let from = 0;
      for (const cut of [...cuts, stream.length]) {
        if (from < stream.length) dns.stream.arrive(stream.subarray(from, from + cut));
        from += cut;
      }
      for (let n = 0; n < 5; n++) dns.stream.time(time);
      expect([serialOf(), addressOf("w.z.test")]).toEqual([
        serial,
        [`0a0000${cuts.length.toString(16).padStart(2, "0")}`],
      ]);
    }),
    { numRuns: 30 },
  );
});

describe("SOA's times", () => {
  beforeEach(() => begin({ transfers: {} }));

  test("it asks whether there is something later after `refresh`, with the version that it has", () => {
    filled(5);
    expect(dns.next()).toBeGreaterThan(87);
    expect(at(87)).toEqual([]);
    const [question] = at(101);
    expect(typeOf(question!)).toBe(IXFR);
    expect(Buffer.from(question!).includes(Buffer.from([...be(5, 4), ...be(100, 4)]))).toBe(true);
    expect(say(answer(question!, [soa(5)]))).toEqual([]);
    expect(at(187)).toEqual([]);
    expect(at(202).length).toBe(1);
  });

  test("after `retry` when nobody is there, one server after the other; after `expire` it answers no more", () => {
    filled(5);
    dns.setThere(false);
    let seconds = 100;
    for (; seconds < 999; seconds++) at(seconds);
    expect(ask("ns.z.test").rcode).toBe(code.noerror);
    at(1001);
    expect(ask("ns.z.test").rcode).toBe(code.servfail);
    expect(dns.lines().slice(1)).toEqual([
      "dns: z.test: 10.0.0.1 cannot be reached",
      "dns: z.test: is too old to be answered from: no server of it was reached",
    ]);
    dns.setThere(true);
    const [question] = at(1012);
    say(answer(question!, [soa(5)]));
    expect(ask("ns.z.test").rcode).toBe(code.noerror);
  });

  test("what the description says of `expire` counts more", async () => {
    await begin({ transfers: {} }, { expire: 50 });
    filled(5);
    dns.setThere(false);
    at(49);
    expect(ask("ns.z.test").rcode).toBe(code.noerror);
    at(51);
    expect(ask("ns.z.test").rcode).toBe(code.servfail);
  });

  test("without a zone it tries at once, then less and less often", () => {
    dns.setThere(false);
    const asked: number[] = [];
    for (let seconds = 0; seconds < 600; seconds++) {
      const before = dns.stream.counted(FAILED);
      for (let n = 0; n < 4; n++) at(seconds);
      if (dns.stream.counted(FAILED) > before) asked.push(seconds);
    }
    // Each wait is up to an eighth shorter, so that not all zones come at once.
    expect(asked.slice(0, 5)).toEqual([0, 1, 3, 7, 15].map((n) => expect.closeTo(n, n > 5 ? -1 : 0)));
    expect(asked.length).toBeLessThan(13);
  });

  test("times of nought do not keep it busy", () => {
    filled(5, base, { refresh: 0, retry: 0, expire: 0 });
    expect(dns.next()).toBeGreaterThan(0.8);
  });

  test("a server that does not answer is left after twenty seconds", () => {
    at(0);
    dns.stream.time(19);
    expect(dns.stream.isAborted).toBe(false);
    dns.stream.time(21);
    expect(dns.lines()).toEqual(["dns: z.test: 10.0.0.1 does not answer"]);
  });
});

describe("NOTIFY", () => {
  const notice = (serial?: number): Uint8Array => {
    const question = message(nameOf("z.test"), 6, {});
    const records = serial === undefined ? [] : [soa(serial)];
    const bytes = Buffer.concat([question, ...records]);
    bytes[2] = 0x24;
    bytes[7] = records.length;
    return bytes;
  };

  test("from a server of the zone it is answered, and looked after at once", () => {
    filled(5);
    dns.askFrom(OTHER);
    const reply = dns.ask(notice(6))!;
    expect(Buffer.from(reply)).toEqual(Buffer.from(message(nameOf("z.test"), 6, {}).with(2, 0xa4)));
    const [question] = at(1);
    say(answer(question!, [soa(6), ...base, a("new.z.test", 9), soa(6)]));
    expect([serialOf(), addressOf("new.z.test")]).toEqual([6, ["0a000009"]]);
  });

  test("of a version that is there nothing comes", () => {
    filled(5);
    dns.askFrom(PRIMARY);
    dns.ask(notice(5));
    expect(at(1)).toEqual([]);
    dns.ask(notice());
    expect(at(2).length).toBe(1);
  });

  test("while it copies already, it does so once more", () => {
    const [question] = at(0);
    dns.askFrom(PRIMARY);
    dns.ask(notice(9));
    const [again] = say(answer(question!, [soa(5), ...base, soa(5)]));
    expect(typeOf(again!)).toBe(IXFR);
  });

  test("from others it is refused; of other zones: NOTAUTH", () => {
    filled(5);
    dns.askFrom(DOWNSTREAM);
    expect(readMessage(dns.ask(notice(6))!).rcode).toBe(code.refused);
    dns.askFrom(PRIMARY);
    expect(readMessage(dns.ask(message(nameOf("y.test"), 6, {}).with(2, 0x24))!).rcode).toBe(code.notauth);
    expect(at(1)).toEqual([]);
  });

  test("who copies from here is told of each version that comes", () => {
    dns.stream.time(0);
    expect(dns.sent()).toBeNull();
    filled(5);
    dns.stream.time(0);
    expect(readMessage(dns.sent()!).answer[0]!.value.slice(-40, -32)).toBe("00000005");
  });
});

describe("IXFR (RFC 1995)", () => {
  const gone = a("old.z.test", 3);
  beforeEach(() => filled(1, [...base, gone, a("kept.z.test", 4)]));
  const asked = () => at(101)[0]!;

  test("steps are taken one after the other", () => {
    const steps = [
      soa(3),
      soa(1),
      gone,
      soa(2),
      a("two.z.test", 2),
      soa(2),
      soa(3),
      a("three.z.test", 3),
      soa(3),
    ];
    say(answer(asked(), steps));
    expect([serialOf(), addressOf("two.z.test"), addressOf("three.z.test")]).toEqual([
      3,
      ["0a000002"],
      ["0a000003"],
    ]);
    expect([ask("old.z.test").rcode, addressOf("kept.z.test")]).toEqual([code.nxdomain, ["0a000004"]]);
  });

  test("what comes in one step and goes in the next is not there", () => {
    const fleeting = a("fleeting.z.test", 9);
    say(answer(asked(), [soa(3), soa(1), soa(2), fleeting, soa(2), fleeting, soa(3), soa(3)]));
    expect([serialOf(), ask("fleeting.z.test").rcode]).toEqual([3, code.nxdomain]);
  });

  test("the whole zone is an answer, too", () => {
    say(answer(asked(), [soa(2), ...base, soa(2)]));
    expect([serialOf(), ask("kept.z.test").rcode]).toEqual([2, code.nxdomain]);
  });

  test.each([
    ["from another version", [soa(3), soa(2), soa(3), soa(3)]],
    ["that take away what is not there", [soa(2), soa(1), a("never.z.test", 1), soa(2), soa(2)]],
    ["that do not follow each other", [soa(4), soa(1), soa(2), soa(3), soa(4), soa(4)]],
  ])("after steps %s it asks for the whole zone", (_, steps) => {
    const [whole] = say(answer(asked(), steps));
    expect(typeOf(whole!)).toBe(AXFR);
    expect(serialOf()).toBe(1);
    say(answer(whole!, [soa(4), ...base, soa(4)]));
    expect(serialOf()).toBe(4);
  });

  test.each([1, 4])("a server that answers code %i is asked for the whole zone", (rcode) => {
    const [whole] = say(answer(asked(), [], rcode));
    expect(typeOf(whole!)).toBe(AXFR);
  });
});

describe("what is no zone is not taken, and what was there stays", () => {
  const cname = (name: string, to: string) => record(name, 5, wireName(`${to}.`));
  const cases: readonly (readonly [string, readonly Uint8Array[], RegExp])[] = [
    ["it is older", [soa(4), ...base, soa(4)], /^$/],
    ["no NS", [soa(6), a("ns.z.test", 1), soa(6)], /without SOA or NS/],
    [
      "two aliases of one name",
      [soa(6), ...base, cname("c.z.test", "a.z.test"), cname("c.z.test", "b.z.test"), soa(6)],
      /two aliases/,
    ],
    ["another SOA at its end", [soa(6), ...base, soa(7)], /no zone/],
    ["something behind the end", [soa(6), ...base, soa(6), ns], /no zone/],
    ["a SOA of another zone", [record("y.test", 6, soa(6).subarray(18))], /no zone/],
    ["a record of class CH", [soa(6), record("z.test", 2, wireName("ns.z.test."), 1, 3), soa(6)], /no zone/],
    ["an address of three bytes", [soa(6), ...base, record("w.z.test", 1, [1, 2, 3]), soa(6)], /no zone/],
    [
      "a name that leads in a circle",
      [soa(6), record("w.z.test", 2, [0xc0, 12 + 12 + 20]), soa(6)],
      /no zone/,
    ],
    ["a question's type", [soa(6), ...base, record("w.z.test", 252, []), soa(6)], /no zone/],
    [
      "more than there is memory",
      [soa(6), ...base, ...Array.from({ length: 900 }, (_, n) => a(`h${n}.z.test`, 1)), soa(6)],
      /more `memory`/,
    ],
  ];
  test.each(cases)("%s", (_, records, said) => {
    filled(5);
    dns.lines();
    const [question] = at(101);
    let [next] = say(answer(question!, records));
    // The other form is tried, and the other server.
    for (let n = 0; n < 4 && next !== undefined; n++) [next] = say(answer(next, records));
    expect([serialOf(), addressOf("ns.z.test")]).toEqual([5, ["0a000001"]]);
    expect(dns.lines().join()).toMatch(said);
  });

  test("what lies outside of the zone is left out", () => {
    filled(5, [...base, a("www.bank.test", 66), a("z.test", 2)]);
    expect([ask("www.bank.test").rcode, addressOf("z.test")]).toEqual([code.refused, ["0a000002"]]);
  });

  test("a transfer that breaks off changes nothing", () => {
    filled(5);
    const [question] = at(101);
    dns.stream.arrive(framed(answer(question!, [soa(6), ...base, a("new.z.test", 1)])));
    dns.stream.finish();
    at(102);
    expect([serialOf(), ask("new.z.test").rcode]).toEqual([5, code.nxdomain]);
  });
});

describe("signed (RFC 8945)", () => {
  const [key] = keys as [(typeof keys)[0]];
  const NOW = 1_800_000_000;
  beforeEach(() => begin({ keys }, { key: 0 }));

  function respond(
    asked: Uint8Array,
    parts: readonly (readonly Uint8Array[])[],
    unsigned: readonly number[] = [],
  ): Buffer[] {
    let before = readTsig(asked).mac;
    let pending = Buffer.alloc(0);
    let isFirst = true;
    return parts.map((records, n) => {
      const bare = answer(readTsig(asked).message, records);
      if (unsigned.includes(n)) {
        pending = Buffer.concat([pending, bare]);
        return bare;
      }
      const mac = macOf(key, Buffer.concat([pending, bare]), { time: NOW }, before, !isFirst);
      [before, isFirst, pending] = [mac, false, Buffer.alloc(0)];
      return signed(key, bare, { time: NOW }, mac);
    });
  }
  const parts = [[soa(5)], [ns], [a("ns.z.test", 1)], [soa(5)]];

  test("what it asks is signed, and answers are taken when they are", () => {
    const [question] = at(0);
    const { mac, message: bare } = readTsig(question!);
    expect(mac).toEqual(macOf(key, bare, { time: NOW }));
    say(...respond(question!, parts));
    expect(serialOf()).toBe(5);
  });

  test("messages in the middle need not be", () => {
    const [question] = at(0);
    say(...respond(question!, parts, [1, 2]));
    expect(serialOf()).toBe(5);
  });

  test.each([
    ["the first message is not", [0]],
    ["the last one is not", [3]],
    ["none is", [0, 1, 2, 3]],
  ])("nothing is taken when %s signed", (_, unsigned) => {
    const [question] = at(0);
    say(...respond(question!, parts, unsigned));
    expect(ask("ns.z.test").rcode).toBe(code.servfail);
  });

  test("nor when one of them is changed, left out, or of another time", () => {
    for (const spoil of [
      (all: Buffer[]) =>
        all.with(2, Buffer.from(all[2]!.toString("hex").replace("0a000001", "0a000002"), "hex")),
      (all: Buffer[]) => all.toSpliced(2, 1),
      (all: Buffer[]) => [all[0]!, all[2]!, all[1]!, all[3]!],
    ]) {
      const [question] = later(4000);
      let [next] = say(...spoil(respond(question!, parts)));
      if (next !== undefined) [next] = say(...spoil(respond(next, parts)));
      expect(ask("ns.z.test").rcode).toBe(code.servfail);
    }
    dns.setWall(NOW + 301);
    const [question] = later(4000);
    say(...respond(question!, parts));
    expect(ask("ns.z.test").rcode).toBe(code.servfail);
    expect(dns.lines()[0]).toBe("dns: z.test: 10.0.0.1 does not sign as it should");
  });

  test("without a clock nothing is asked, and the console says why", () => {
    dns.setWall(0);
    expect([at(0), at(0)]).toEqual([[], []]);
    expect(dns.lines()).toEqual([
      "dns: z.test: 10.0.0.1 is not asked: nobody here knows the time, and signatures need it",
    ]);
  });
});

test("twenty thousand damaged transfers: no trap, no growth, and what was there stays or is replaced as a whole", () => {
  const next = chance(5936);
  const memory = dns.memorySize();
  const mx = record("m.z.test", 15, [0, 10, ...wireName("ns.z.test.")]);
  const extra = [
    mx,
    record("*.w.z.test", 16, [3, 97, 98, 99]),
    record("d.z.test", 39, wireName("e.test.")),
    record("s.z.test", 2, wireName("ns.s.z.test.")),
    a("ns.s.z.test", 5),
  ];
  let taken = 0;
  for (let round = 0; round < 20_000; round++) {
    let question: Uint8Array | undefined;
    while (question === undefined) [question] = later(50);
    const serial = round + 1;
    const whole = [soa(serial), ...base, ...extra, soa(serial)];
    let bytes = Uint8Array.from(answer(question!, whole));
    for (let changes = next(4); changes > 0; changes--) bytes[next(bytes.length)] = next(256);
    if (next(8) === 0) bytes = bytes.subarray(0, next(bytes.length));
    dns.stream.arrive(framed(bytes));
    for (let n = 0; n < 3; n++) dns.stream.time(time);
    const [again] = connected();
    if (again !== undefined) dns.stream.arrive(framed(answer(again, whole)));
    for (let n = 0; n < 3; n++) dns.stream.time(time);
    for (const name of ["m.z.test", "x.w.z.test", "f.d.z.test", "g.s.z.test", "z.test"]) ask(name, 255);
    if (ask("ns.z.test").rcode === 0) taken++;
  }
  expect(taken).toBeGreaterThan(10_000);
  expect(dns.memorySize()).toBe(memory);
}, 60_000);
