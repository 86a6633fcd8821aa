/** Connections segment by segment, against a peer that sends just what a script says: how they begin, and data both ways. */
import { beforeAll, describe, expect, test } from "vitest";
import { addressNumber, concat, hex, MILLISECOND, MINUTE, SECOND, type TcpSegment, tcpFlag } from "#simulate";
import {
  blocksOf,
  CLIENT,
  counted,
  ended,
  filled,
  Peer,
  pattern,
  service,
  Talk,
  type TcpMachineOptions,
  tcpProgram,
  text,
  times,
  timesOf,
  told,
} from "#tools/tcp-peers";

const { syn, rst, psh, ack } = tcpFlag;
const flagsOf = (segments: readonly TcpSegment[]) => segments.map(({ flags }) => flags);

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

const peerOf = (to: number, options: Partial<TcpMachineOptions> = {}) => new Peer(program, to, options);

describe("opening", () => {
  test("a SYN is answered with what both sides can do", () => {
    const peer = peerOf(7);
    const offered = concat(hex("020405b4 0402"), times(77, 0).subarray(2), hex("01030307"));
    const [answer] = peer.send({ flags: syn, sequence: 1000, options: offered });
    expect(answer).toMatchObject({ from: 7, flags: syn | ack, acknowledgement: 1001, window: 65535 });
    expect(timesOf(answer!).echo).toBe(77);
    // MSS 1460, SACK permitted, shift 1 for a window of 64 KiB, timestamps.
    expect(answer!.options.subarray(0, 12)).toEqual(hex("020405b4 01010402 01030301"));
  });

  test("and with nothing that was not offered", () => {
    const [answer] = peerOf(7).send({ flags: syn, sequence: 1000 });
    expect(answer!.options).toEqual(hex("020405b4"));
  });

  test("a port that nobody listens on answers with a reset, with the numbers of RFC 9293 3.10.7.1", () => {
    const peer = peerOf(99);
    const [one] = peer.send({ flags: syn, sequence: 1000 });
    expect(one).toMatchObject({ flags: rst | ack, sequence: 0, acknowledgement: 1001 });
    const [other] = peer.send({ flags: ack, sequence: 5, acknowledgement: 777 });
    expect(other).toMatchObject({ flags: rst, sequence: 777 });
    expect(peer.send({ flags: rst, sequence: 5 })).toEqual([]);
  });

  test("the answer to a SYN is sent again after 1, 2, 4 and 8 seconds, and then nothing is left", () => {
    const peer = peerOf(7);
    peer.send({ flags: syn, sequence: 1000 });
    const times: number[] = [];
    for (let second = 1; second <= 40; second++) if (peer.pass(SECOND).length > 0) times.push(second);
    expect(times).toEqual([1, 3, 7, 15]);
    expect(told(peer.server)).toMatchObject({ open: 0, halfOpen: 0 });
  });

  test("the same SYN once more is answered once more, in the same words", () => {
    const peer = peerOf(7);
    const [one] = peer.send({ flags: syn, sequence: 1000 });
    const [other] = peer.send({ flags: syn, sequence: 1000 });
    expect(other).toEqual(one);
  });

  test("who acknowledges what was not sent is reset, and the connection can still begin", () => {
    const peer = peerOf(7);
    const [answer] = peer.send({ flags: syn, sequence: 1000 });
    const wrong = (answer!.sequence + 2) >>> 0;
    expect(peer.send({ flags: ack, sequence: 1001, acknowledgement: wrong })).toMatchObject([
      { flags: rst, sequence: wrong },
    ]);
    peer.send({ flags: ack, sequence: 1001, acknowledgement: (answer!.sequence + 1) >>> 0 });
    expect(told(peer.server).accepts).toBe(1);
  });

  test("initial numbers and timestamps differ from connection to connection", () => {
    const peer = peerOf(7);
    const seen = new Set<number>();
    for (let n = 0; n < 20; n++) {
      peer.port += 1;
      seen.add(peer.send({ flags: syn, sequence: 1000 })[0]!.sequence >>> 12);
    }
    expect(seen.size).toBe(20);
  });

  test("a wrong checksum is nobody's segment", () => {
    const peer = peerOf(7);
    peer.send({ flags: syn, sequence: 1, checksum: 0x1234 });
    expect(peer.got).toEqual([]);
    expect(counted(peer.server, "badChecksum")).toBe(1);
  });
});

describe("a connection that begins here", () => {
  const begun = (peer: Peer) => {
    peer.server.exports["connect"](0n, BigInt(addressNumber(CLIENT)), 80, service.discard, 0n);
    peer.server.wake();
    const [first] = peer.pass(SECOND / 2);
    peer.port = 80;
    peer.to = first!.from;
    return first!;
  };

  test("offers everything, and is there when it is answered", () => {
    const peer = peerOf(0);
    const first = begun(peer);
    expect(first.flags).toBe(syn);
    const next = (first.sequence + 1) >>> 0;
    const [answer] = peer.send({ flags: syn | ack, sequence: 500, acknowledgement: next });
    expect(answer).toMatchObject({ flags: ack, sequence: next, acknowledgement: 501 });
    expect(timesOf(first).echo).toBe(0);
  });

  test("is refused by a reset that acknowledges it, and by no other", () => {
    const peer = peerOf(0);
    const first = begun(peer);
    peer.send({ flags: rst, sequence: 0 });
    expect(told(peer.server).ends).toBe(0);
    peer.send({ flags: rst | ack, sequence: 0, acknowledgement: (first.sequence + 1) >>> 0 });
    expect(told(peer.server)).toMatchObject({ ends: 1, lastEnd: ended.reset, open: 0 });
  });

  test("gives up when nobody answers", () => {
    const peer = peerOf(0);
    begun(peer);
    expect(flagsOf(peer.pass(MINUTE))).toEqual([syn, syn, syn, syn]);
    expect(told(peer.server)).toMatchObject({ ends: 1, lastEnd: ended.timeout, open: 0 });
  });

  test("both may begin at once: RFC 9293 3.5, figure 8", () => {
    const peer = peerOf(0);
    const first = begun(peer);
    const next = (first.sequence + 1) >>> 0;
    const [answer] = peer.send({ flags: syn, sequence: 500 });
    expect(answer).toMatchObject({ flags: syn | ack, sequence: first.sequence, acknowledgement: 501 });
    peer.send({ flags: ack, sequence: 501, acknowledgement: next });
    peer.send({ flags: ack | psh, sequence: 501, acknowledgement: next }, text("hello"));
    expect(told(peer.server).received).toBe(5);
  });
});

describe("data", () => {
  test("comes back with the acknowledgement in the same segment", () => {
    const talk = new Talk(peerOf(7));
    const [echo] = talk.send(ack | psh, text("hello"));
    expect(echo).toMatchObject({ flags: ack | psh, sequence: talk.theirs, acknowledgement: talk.mine });
    expect(echo!.payload).toEqual(text("hello"));
  });

  test("is acknowledged after 40 ms, or with the second segment", () => {
    const talk = new Talk(peerOf(9));
    expect(talk.send(ack, text("one"))).toEqual([]);
    expect(talk.peer.pass(30 * MILLISECOND)).toEqual([]);
    expect(talk.peer.pass(15 * MILLISECOND)).toMatchObject([{ flags: ack, acknowledgement: talk.mine }]);
    expect(talk.send(ack, text("two"))).toEqual([]);
    expect(talk.send(ack, text("three"))).toMatchObject([{ flags: ack, acknowledgement: talk.mine }]);
  });

  test("out of order is told by SACK, and handed on in order", () => {
    const talk = new Talk(peerOf(7), hex("020405b4 01010402"));
    const from = talk.mine;
    const part = (offset: number, value: string) => talk.send(ack, text(value), { sequence: from + offset });
    const [one] = part(5, "fghij");
    expect(one).toMatchObject({ acknowledgement: from });
    expect(blocksOf(one!, from)).toEqual([[5, 10]]);
    const [two] = part(15, "pqrst");
    // What came last is told first: RFC 2018 4.
    expect(blocksOf(two!, from)).toEqual([
      [15, 20],
      [5, 10],
    ]);
    const [three] = part(0, "abcde");
    expect(three).toMatchObject({ acknowledgement: from + 10 });
    expect(three!.payload).toEqual(text("abcdefghij"));
    talk.theirs += 10;
    const [four] = part(10, "klmno");
    expect(four!.payload).toEqual(text("klmnopqrst"));
  });

  test("what comes twice is told as such: RFC 2883", () => {
    const talk = new Talk(peerOf(9), hex("020405b4 01010402"));
    const from = talk.mine;
    talk.send(ack, text("hello"));
    const [again] = talk.send(ack, text("hello"), { sequence: from });
    expect(again).toMatchObject({ acknowledgement: from + 5 });
    expect(blocksOf(again!, from)).toEqual([[0, 5]]);
    expect(told(talk.peer.server).received).toBe(5);
  });

  test("that overlaps counts once, and what is behind the window not at all", () => {
    const talk = new Talk(peerOf(9));
    const from = talk.mine;
    talk.send(ack, text("hello"));
    talk.send(ack, text("lo world"), { sequence: from + 3 });
    expect(told(talk.peer.server).received).toBe(11);
    talk.send(ack, text("far"), { sequence: from + 11 + 65536 });
    expect(told(talk.peer.server).received).toBe(11);
  });

  test("that nobody takes closes the window, and it opens again when somebody does", () => {
    const talk = new Talk(peerOf(20, { window: 4096 }));
    const from = talk.mine;
    for (let n = 0; n < 4; n++) talk.send(ack, filled(1024));
    const closed = talk.peer.pass(SECOND).at(-1) ?? talk.send(ack, filled(1), { sequence: from }).at(-1);
    expect(closed).toMatchObject({ acknowledgement: from + 4096, window: 0 });
    // A probe is answered and not taken: RFC 9293 3.8.6.1.
    talk.peer.pass(SECOND);
    const [answer] = talk.send(ack, filled(1));
    talk.mine -= 1;
    expect(answer).toMatchObject({ acknowledgement: from + 4096, window: 0 });
    talk.peer.server.exports["become"](service.discard);
    talk.peer.server.wake();
    expect(talk.peer.pass(SECOND)).toMatchObject([{ acknowledgement: from + 4096, window: 4096 }]);
    expect(told(talk.peer.server).received).toBe(4096);
  });

  test("urgent data is data like other: RFC 6093", () => {
    const talk = new Talk(peerOf(7));
    const [echo] = talk.send(ack | psh | tcpFlag.urg, text("hello"), { urgent: 3 });
    expect(echo!.payload).toEqual(text("hello"));
  });
});

describe("sending", () => {
  test("no more than the window takes, and a probe when it is closed", () => {
    const talk = new Talk(peerOf(19), hex("020405b4"), 2000);
    expect(talk.first.map(({ payload }) => payload.length)).toEqual([1460]);
    talk.theirs += 1460;
    expect(talk.send(ack, undefined, { window: 0 })).toEqual([]);
    const probes = talk.peer.pass(10 * SECOND);
    expect(probes.length).toBeGreaterThanOrEqual(3);
    for (const each of probes) expect(each).toMatchObject({ sequence: (talk.theirs - 1) >>> 0, flags: ack });
    const [next] = talk.send(ack, undefined, { window: 65535 });
    expect(next).toMatchObject({ sequence: talk.theirs });
  });

  test("ten segments to begin with: RFC 6928", () => {
    const talk = new Talk(peerOf(19));
    expect(talk.first.map(({ payload }) => payload.length)).toEqual(Array(10).fill(1460));
    expect(concat(...talk.first.map(({ payload }) => payload))).toEqual(pattern(14600));
  });

  test("no longer segments than the other side takes, and not shorter than 216 bytes", () => {
    expect(new Talk(peerOf(19), hex("02040218")).first[0]!.payload.length).toBe(536);
    expect(new Talk(peerOf(19), hex("02040001")).first[0]!.payload.length).toBe(216);
    expect(new Talk(peerOf(19), new Uint8Array()).first[0]!.payload.length).toBe(536);
  });

  test("what is not acknowledged is sent again, each time after twice as long, until it is given up", () => {
    const talk = new Talk(peerOf(7));
    const start = talk.peer.simulation.now;
    talk.send(ack | psh, text("x"));
    const at: number[] = [];
    while (told(talk.peer.server).ends === 0) {
      const got = talk.peer.pass(10 * MILLISECOND);
      if (got.length > 0 && !(got[0]!.flags & rst)) at.push(talk.peer.simulation.now - start);
    }
    const gaps = at.slice(1).map((time, n) => Math.round((time - at[n]!) / (10 * MILLISECOND)) * 10);
    expect(gaps.slice(0, 4)).toEqual([400, 800, 1600, 3200]);
    expect(talk.peer.simulation.now - start).toBeGreaterThan(100 * SECOND);
    expect(told(talk.peer.server)).toMatchObject({ lastEnd: ended.timeout, open: 0 });
  });

  test("three duplicates without SACK: the first is sent again at once, and half as much after it", () => {
    const talk = new Talk(peerOf(19));
    talk.theirs += 1460;
    talk.send(ack);
    for (let n = 0; n < 2; n++)
      expect(talk.send(ack).filter(({ sequence }) => sequence === talk.theirs)).toEqual([]);
    const [again] = talk.send(ack);
    expect(again).toMatchObject({ sequence: talk.theirs });
    expect(counted(talk.peer.server, "recoveries")).toBe(1);
    expect(counted(talk.peer.server, "timeouts")).toBe(0);
  });

  test("what is told by SACK is not sent again; what is missing before it is", () => {
    const talk = new Talk(peerOf(19), hex("020405b4 01010402"));
    const from = talk.theirs;
    talk.peer.pass(MILLISECOND);
    const block = (to: number) =>
      concat(
        hex("0101050a"),
        Uint8Array.from(
          [1460, to].flatMap((n) => {
            const at = (from + n) >>> 0;
            return [at >>> 24, at >>> 16, at >>> 8, at];
          }),
        ),
      );
    const sent = [2, 3, 4, 5].flatMap((n) => talk.send(ack, undefined, { options: block(n * 1460) }));
    const again = sent.filter(({ sequence }) => (sequence - from) >>> 0 < 14600);
    expect(again.map(({ sequence }) => (sequence - from) >>> 0)).toEqual([0]);
  });

  test("short pieces wait for those that are on their way: Nagle", () => {
    const talk = new Talk(peerOf(20));
    const { exports } = talk.peer.server;
    const say = (length: number) => {
      exports["sendLast"](length);
      talk.peer.server.wake();
      return talk.peer.pass(MILLISECOND).map(({ payload }) => payload.length);
    };
    expect(say(10)).toEqual([10]);
    expect(say(20)).toEqual([]);
    expect(say(30)).toEqual([]);
    talk.theirs += 10;
    expect(talk.send(ack).map(({ payload }) => payload.length)).toEqual([50]);
  });

  test("who is watched is asked after its silence, and given up after five questions without an answer", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["watchLast"](BigInt(60 * SECOND));
    talk.peer.server.wake();
    expect(talk.peer.pass(59 * SECOND)).toEqual([]);
    const [question] = talk.peer.pass(2 * SECOND);
    expect(question).toMatchObject({ flags: ack, sequence: (talk.theirs - 1) >>> 0 });
    talk.send(ack);
    expect(talk.peer.pass(58 * SECOND)).toEqual([]);
    const questions = talk.peer.pass(2 * MINUTE);
    expect(questions.map(({ flags }) => flags)).toEqual([ack, ack, ack, ack, ack, rst | ack]);
    expect(told(talk.peer.server)).toMatchObject({ open: 0, lastEnd: ended.timeout });
  });
});
