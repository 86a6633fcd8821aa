/** RFC 8945: signed questions and answers, against the HMAC of Node. */
import { beforeEach, expect, test } from "vitest";
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
  type TestKey,
  unframed,
  wireName,
} from "#tools/dns-oracle/index";

const NOW = 1_795_000_000;
const SERVER = 0x0a000202;
const code = { formerr: 1, refused: 5, notauth: 9, badsig: 16, badkey: 17, badtime: 18, badtrunc: 22 };
const secret = Uint8Array.from({ length: 32 }, (_, n) => n * 7 + 1);
const keys: readonly TestKey[] = [
  { name: "xfr.", algorithm: 0, secret },
  { name: "longer.example.", algorithm: 1, secret },
  { name: "longest.example.", algorithm: 2, secret },
];
const [key] = keys as [TestKey];
const records = Array.from({ length: 2000 }, (_, n) => `h${n} A 10.0.${n >> 8}.${n & 255}`);
const lines = ["$TTL 3600", "@ SOA ns hostmaster 41 7200 900 1209600 300", "@ NS ns", "ns A 10.0.0.1"];
const zone = { name: "key.test", text: Buffer.from([...lines, ...records, ""].join("\n")) };
const question = message(wireName("ns.key.test."), 1, { edns: { size: 1232 } });
const axfr = message(wireName("key.test."), 252, {});

let dns: DnsInstance;
beforeEach(async () => {
  dns = await dnsInstance([zone], { keys, transfers: { 0: { to: SERVER, key: 0 } } });
  dns.setWall(NOW);
});

test.each(keys)("an answer to a question signed with $name is signed", (each) => {
  const asked = signed(each, question, { time: NOW });
  const answer = readTsig(dns.ask(asked)!);
  expect(readMessage(answer.message)).toMatchObject({ rcode: 0, answer: [{ value: "0a000001" }] });
  expect(answer).toMatchObject({ name: each.name, time: NOW, fudge: 300, error: 0 });
  expect(answer.mac).toEqual(macOf(each, answer.message, { time: NOW }, readTsig(asked).mac));
});

test("the answer is that of an unsigned question, but for the signature", () => {
  expect(Buffer.from(dns.ask(question)!)).toEqual(
    readTsig(dns.ask(signed(key, question, { time: NOW }))!).message,
  );
});

test.each([
  ["a key that nobody knows", { ...key, name: "other." }, code.badkey],
  ["the key with another algorithm", { ...key, algorithm: 2 }, code.badkey],
  ["another secret", { ...key, secret: secret.toReversed() }, code.badsig],
])("%s: NOTAUTH, and an answer without a code (5.2.1, 5.2.2)", (_, wrong, error) => {
  const answer = dns.ask(signed(wrong, question, { time: NOW }))!;
  expect(readTsig(answer)).toMatchObject({ error, mac: Buffer.alloc(0) });
  expect(readMessage(readTsig(answer).message)).toMatchObject({ rcode: code.notauth, answer: [] });
});

test.each([NOW - 301, NOW + 301, 0, 2 ** 47])(
  "a clock that shows %i: BADTIME, with our time, signed (5.2.3)",
  (time) => {
    const asked = signed(key, question, { time });
    const answer = readTsig(dns.ask(asked)!);
    const other = Buffer.from([0, 0, NOW >>> 24, (NOW >> 16) & 255, (NOW >> 8) & 255, NOW & 255]);
    expect(answer).toMatchObject({ error: code.badtime, time, other });
    const tsig = { time, error: code.badtime, other };
    expect(answer.mac).toEqual(macOf(key, answer.message, tsig, readTsig(asked).mac));
    expect(readMessage(answer.message)).toMatchObject({ rcode: code.notauth, answer: [] });
  },
);

test("five minutes less or more are right, and as many as the question allows", () => {
  const errorOf = (time: number, fudge?: number) =>
    readTsig(dns.ask(signed(key, question, { time, ...(fudge !== undefined && { fudge }) }))!).error;
  expect([errorOf(NOW - 300), errorOf(NOW + 300), errorOf(NOW - 5, 4), errorOf(NOW - 5, 5)]).toEqual([
    0, 0, 18, 0,
  ]);
});

test("when nobody knows the time, nothing signed is right", () => {
  dns.setWall(0);
  expect(readTsig(dns.ask(signed(key, question, { time: NOW }))!).error).toBe(code.badtime);
});

test("codes that are cut off are refused: BADTRUNC, and FORMERR when hardly any is left (5.2.2.1)", () => {
  const cut = (size: number) => dns.ask(signed(key, question, { time: NOW, size }))!;
  expect(readTsig(cut(16)).error).toBe(code.badtrunc);
  expect([cut(15), cut(0)].map((reply) => readMessage(reply).rcode)).toEqual([code.formerr, code.formerr]);
  const long = signed(key, question, { time: NOW }, Buffer.alloc(33));
  expect(readMessage(dns.ask(long)!).rcode).toBe(code.formerr);
});

test("each bit of the question and of the record counts", () => {
  const asked = signed(key, question, { time: NOW });
  for (let bit = 0; bit < asked.length * 8; bit++) {
    const changed = Uint8Array.from(asked);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    // The number of the message is not signed: the record has the one that was (5.3).
    const isNumber = bit < 16;
    const isCase = changed.filter((byte, n) => byte !== asked[n] && (byte ^ asked[n]!) === 32).length > 0;
    const reply = dns.ask(changed);
    if (reply === null || isNumber || isCase) continue;
    // Without its record it is a question like any other.
    const isUnsigned = (bit >> 3 === 10 || bit >> 3 === 11) && readMessage(reply).additional.length === 0;
    if (!isUnsigned) expect(readMessage(reply).rcode, `bit ${bit}`).not.toBe(0);
  }
});

test("a record that is not the last is an error (5.1)", () => {
  const asked = signed(key, question, { time: NOW });
  const twice = Buffer.concat([asked, asked.subarray(question.length)]);
  twice.writeUInt16BE(3, 10);
  expect(readMessage(dns.ask(twice)!).rcode).toBe(code.formerr);
});

function copied(asked: Uint8Array, from = SERVER): Uint8Array[] {
  dns.stream.open(from);
  const messages = unframed(dns.stream.arrive(framed(asked)));
  dns.stream.end();
  return messages;
}

function checkChain(asked: Uint8Array, messages: readonly Uint8Array[]): void {
  let before = readTsig(asked).mac;
  for (const [n, each] of messages.entries()) {
    const { message: bare, mac, time } = readTsig(each);
    expect(mac).toEqual(macOf(key, bare, { time }, before, n > 0));
    before = mac;
  }
}

test("each message of a transfer is signed, with the one before (5.3.1)", () => {
  const asked = signed(key, axfr, { time: NOW });
  const messages = copied(asked);
  expect(messages.length).toBeGreaterThan(2);
  checkChain(asked, messages);
});

test("with a transfer that waits for room, time goes on and signatures stay", () => {
  const asked = signed(key, axfr, { time: NOW });
  const expected = Buffer.concat(copied(asked).map(framed));
  dns.stream.open(SERVER);
  dns.stream.allow(1);
  const got = [dns.stream.arrive(framed(asked))];
  for (let n = 1; n < 100; n++) {
    dns.setWall(NOW + 10 * n);
    // Others ask meanwhile.
    dns.ask(signed(keys[1]!, question, { time: NOW }));
    dns.ask(signed(key, question, { time: NOW }));
    got.push(dns.stream.room(1, 1000));
  }
  expect(Buffer.concat(got).equals(expected)).toBe(true);
});

test("who does not sign, or with another key, or is somebody else, gets no copy", () => {
  const rcodeOf = (messages: readonly Uint8Array[]) => readMessage(messages[0]!).rcode;
  const bare = (messages: readonly Uint8Array[]) => [readTsig(messages[0]!).message];
  expect(rcodeOf(copied(axfr))).toBe(code.refused);
  expect(rcodeOf(bare(copied(signed(keys[1]!, axfr, { time: NOW }))))).toBe(code.refused);
  expect(rcodeOf(bare(copied(signed(key, axfr, { time: NOW }), 0x0a000203)))).toBe(code.refused);
});

test("what it tells of its own accord is signed, and so must the answer be", () => {
  dns.stream.time(0);
  const notice = readTsig(dns.sent()!);
  expect(notice.mac).toEqual(macOf(key, notice.message, { time: notice.time }));
  const reply = notice.message.subarray();
  reply[2] = 0xa4;
  const before = notice.mac;
  dns.askFrom(SERVER);
  dns.ask(reply);
  dns.ask(signed(key, reply, { time: NOW }));
  dns.stream.time(1);
  dns.setWall(NOW);
  const again = readTsig(dns.sent()!);
  const answer = again.message.subarray();
  answer[2] = 0xa4;
  dns.ask(signed(key, answer, { time: NOW }, macOf(key, answer, { time: NOW }, again.mac)));
  dns.stream.time(1000);
  expect([before.length, dns.sent()]).toEqual([32, null]);
});

test("a hundred thousand damaged questions: no trap, no answer that is signed for what was not", () => {
  const next = chance(8945);
  const originals = [question, axfr].map((each) => signed(keys[next(3)]!, each, { time: NOW }));
  for (let round = 0; round < 100_000; round++) {
    let bytes = Uint8Array.from(originals[next(2)]!);
    for (let changes = next(4); changes >= 0; changes--) bytes[next(bytes.length)] = next(256);
    if (next(8) === 0) bytes = bytes.subarray(0, next(bytes.length));
    const reply = dns.ask(bytes, 1232);
    if (reply !== null && (reply.length > 1232 || reply.length < 12))
      throw new Error(`${reply.length} bytes`);
  }
});
