/** RFC 7766: questions and answers over TCP, by a script that says what arrives and how much room there is. */
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import {
  chance,
  type DnsInstance,
  dnsInstance,
  framed,
  message,
  readMessage,
  unframed,
  wireName,
} from "#tools/dns-oracle/index";

const addresses = Array.from({ length: 2000 }, (_, n) => `many A 10.0.${n >> 8}.${n & 255}`);
const zone = {
  name: "big.test",
  text: Buffer.from(
    [
      "$ORIGIN big.test.",
      "$TTL 3600",
      "@ SOA ns hostmaster 1 7200 900 1209600 300",
      "@ NS ns",
      "ns A 10.0.0.1",
      ...addresses,
      "",
    ].join("\n"),
  ),
};
const IDLE = 10;
const dnsCounter = { refused: 1, evicted: 2, expired: 3, badLength: 4, noPlace: 5 };

let dns: DnsInstance;
beforeEach(async () => {
  dns = await dnsInstance([zone], { connections: 20, idle: IDLE });
});

const ask = (name: string, type = 1, options = {}) => message(wireName(name), type, options);
const small = ask("ns.big.test.");
const many = ask("many.big.test.");
const numbered = (question: Uint8Array, id: number) => question.with(0, id >> 8).with(1, id & 255);

test("the answer is that of UDP, behind its length", () => {
  dns.stream.open();
  expect(unframed(dns.stream.arrive(framed(small)))).toEqual([dns.ask(small)]);
});

test("what is truncated over UDP is whole over TCP", () => {
  dns.stream.open();
  expect(readMessage(dns.ask(many)!).flags & 0x0200).toBe(0x0200);
  const [whole] = unframed(dns.stream.arrive(framed(many)));
  const { answer, flags } = readMessage(whole!);
  expect([answer.length, flags & 0x0200]).toEqual([2000, 0]);
});

test("questions that come together are answered in their order (6.2.1.1)", () => {
  dns.stream.open();
  const questions = Array.from({ length: 100 }, (_, n) => framed(numbered(small, n)));
  const answers = unframed(dns.stream.arrive(...questions)).map((each) => readMessage(each).id);
  expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test("however the bytes are cut, the answers are the same", () => {
  const stream = Buffer.concat([small, many, small, ask("nothing.big.test.")].map(framed));
  dns.stream.open();
  const expected = Buffer.from(dns.stream.arrive(stream));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }), (sizes) => {
      dns.stream.open();
      const answers: Uint8Array[] = [];
      let at = 0;
      for (const size of sizes) {
        answers.push(dns.stream.arrive(stream.subarray(at, at + size)));
        at += size;
      }
      if (at < stream.length) answers.push(dns.stream.arrive(stream.subarray(at)));
      expect(Buffer.concat(answers).equals(expected)).toBe(true);
      dns.stream.end();
    }),
    { numRuns: 100 },
  );
});

test.each(["in one piece", "in two"])(
  "an answer goes out as there is room for it, and the next question waits: a question %s",
  (how) => {
    dns.stream.open();
    const expected = Buffer.from(dns.stream.arrive(framed(many), framed(small)));
    dns.stream.end();
    dns.stream.open();
    const got: Uint8Array[] = [];
    const both = Buffer.concat([framed(many), framed(small)]);
    dns.stream.allow(how === "in two" ? 0 : 3);
    if (how === "in two") got.push(dns.stream.arrive(both.subarray(0, 5)));
    got.push(dns.stream.arrive(how === "in two" ? both.subarray(5) : both));
    for (let n = 0; n < 60; n++) got.push(dns.stream.room(1, 1000));
    expect(Buffer.concat(got).equals(expected)).toBe(true);
    expect(got.filter(({ length }) => length > 0).length).toBeGreaterThan(20);
  },
);

test("an answer that finds no memory, with nothing on its way that would tell of more, is tried again soon", () => {
  dns.stream.open();
  dns.stream.allow(0);
  expect(dns.stream.arrive(framed(small)).length).toBe(0);
  expect(dns.stream.time(0.03).length).toBe(0);
  dns.stream.allow(1);
  expect(unframed(dns.stream.time(0.06))).toEqual([dns.ask(small)]);
  expect(dns.stream.isAborted).toBe(false);
});

test("who takes nothing of an answer is cut off", () => {
  dns.stream.open();
  dns.stream.allow(3);
  dns.stream.arrive(framed(many));
  dns.stream.room(1, 1000);
  dns.stream.time(29);
  expect(dns.stream.isAborted).toBe(false);
  dns.stream.time(31);
  expect([dns.stream.isAborted, dns.stream.count, dns.stream.counted(dnsCounter.expired)]).toEqual([
    true,
    0,
    1,
  ]);
});

test("a connection without a question is closed after `idle`, and each question begins that anew (6.2.3)", () => {
  dns.stream.open();
  dns.stream.time(9);
  dns.stream.arrive(framed(small));
  dns.stream.time(18);
  expect(dns.stream.isClosed).toBe(false);
  dns.stream.time(19);
  expect([dns.stream.isClosed, dns.stream.isAborted]).toEqual([true, false]);
  dns.stream.end();
  expect(dns.stream.count).toBe(0);
});

test("a question that comes byte by byte must be whole in time all the same", () => {
  dns.stream.open();
  dns.stream.time(1);
  for (let n = 0; n < 11; n++) {
    dns.stream.arrive(framed(small).subarray(n, n + 1));
    dns.stream.time(1 + n);
  }
  expect([dns.stream.isAborted, dns.stream.count]).toEqual([true, 0]);
});

test("slow senders take places from slow senders only", () => {
  dns.stream.open(1);
  for (let n = 0; n < 17; n++) {
    dns.stream.open(2 + n);
    dns.stream.arrive(framed(small).subarray(0, 5));
  }
  expect(unframed(dns.stream.arrive(framed(small).subarray(5)))).toEqual([dns.ask(small)]);
  dns.stream.open(100);
  expect(unframed(dns.stream.arrive(framed(small)))).toEqual([dns.ask(small)]);
});

test("one connection more than there may be takes the place of the one that has been idle longest (6.2.2)", () => {
  for (let n = 0; n < 20; n++) expect(dns.stream.open(n)).toBe(true);
  expect(dns.stream.open(20)).toBe(true);
  expect([dns.stream.count, dns.stream.counted(dnsCounter.evicted)]).toEqual([20, 1]);
});

test("when all are busy, it is refused", () => {
  for (let n = 0; n < 20; n++) {
    dns.stream.open(n);
    dns.stream.arrive(Uint8Array.of(0));
  }
  expect([dns.stream.open(20), dns.stream.counted(dnsCounter.refused)]).toEqual([false, 1]);
});

test("a question that is cut off is not answered; the connection is closed (6.2.4)", () => {
  dns.stream.open();
  expect(dns.stream.arrive(framed(small).subarray(0, 9)).length).toBe(0);
  dns.stream.finish();
  expect(dns.stream.isClosed).toBe(true);
});

test("what was asked before the other side closed its half is answered", () => {
  dns.stream.open();
  dns.stream.allow(0);
  dns.stream.arrive(framed(small).subarray(0, 9));
  dns.stream.arrive(framed(small).subarray(9));
  dns.stream.finish();
  expect(dns.stream.isClosed).toBe(false);
  expect(unframed(dns.stream.room(9))).toEqual([dns.ask(small)]);
  expect(dns.stream.isClosed).toBe(true);
});

test.each([0, 11, 4097, 65535])("a length of %i is no question's: the connection is closed", (size) => {
  dns.stream.open();
  expect(dns.stream.arrive(Uint8Array.of(size >> 8, size & 255, ...new Array(20).fill(0))).length).toBe(0);
  expect([dns.stream.isClosed, dns.stream.counted(dnsCounter.badLength)]).toEqual([true, 1]);
});

const keepalive = (...value: number[]) => ({
  edns: { size: 1232, options: [0, 11, 0, value.length, ...value] },
});
const optOf = (reply: Uint8Array) => Buffer.from(reply.subarray(-6)).toString("hex");

test("RFC 7828: who asks is told how long a connection may be idle; over UDP nobody is", () => {
  const question = ask("ns.big.test.", 1, keepalive());
  dns.stream.open();
  const [reply] = unframed(dns.stream.arrive(framed(question)));
  expect(optOf(reply!)).toBe("000b00020064");
  expect(readMessage(reply!).answer.length).toBe(1);
  const overUdp = dns.ask(question)!;
  expect(overUdp.length).toBe(reply!.length - 6);
  const [plain] = unframed(dns.stream.arrive(framed(small)));
  expect(plain).toEqual(dns.ask(small));
});

test("RFC 7828 3.3.1: a question tells no time itself", () => {
  dns.stream.open();
  const [reply] = unframed(dns.stream.arrive(framed(ask("ns.big.test.", 1, keepalive(0, 100)))));
  expect(readMessage(reply!).rcode).toBe(1);
});

test("RFC 7828 3.3.2: with few places left, clients are told to go", () => {
  for (let n = 0; n < 19; n++) dns.stream.open(n);
  const [reply] = unframed(dns.stream.arrive(framed(ask("ns.big.test.", 1, keepalive()))));
  expect(optOf(reply!)).toBe("000b00020000");
});

test("twenty thousand connections with damaged messages: no trap, whole answers, no connection that stays", () => {
  const memory = dns.memorySize();
  const next = chance(7766);
  const originals = [small, many, ask("ns.big.test.", 1, keepalive())].map(framed);
  for (let round = 0; round < 20_000; round++) {
    dns.stream.open(next(5));
    for (let count = next(6); count >= 0 && !dns.stream.isClosed && !dns.stream.isAborted; count--) {
      let bytes = Uint8Array.from(originals[next(3)]!);
      for (let changes = next(3); changes > 0; changes--) bytes[next(bytes.length)] = next(256);
      if (next(4) === 0) bytes = bytes.subarray(0, next(bytes.length));
      dns.stream.allow(next(20));
      unframed(Buffer.concat([dns.stream.arrive(bytes), dns.stream.room(1000)]));
    }
    if (!dns.stream.isAborted) dns.stream.end();
  }
  expect([dns.stream.count, dns.memorySize()]).toEqual([0, memory]);
}, 60_000);
