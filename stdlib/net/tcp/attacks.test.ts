/** How connections end, and what others can do to them: segment by segment, against a peer that sends just what a script says. */
import { beforeAll, describe, expect, test } from "vitest";
import { concat, hex, MILLISECOND, SECOND, tcpFlag } from "#simulate";
import {
  blocksOf,
  counted,
  ended,
  filled,
  Peer,
  Talk,
  type TcpMachineOptions,
  tcpProgram,
  text,
  times,
  timesOf,
  told,
} from "#tools/tcp-peers";

const { fin, syn, rst, psh, ack } = tcpFlag;

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

const peerOf = (to: number, options: Partial<TcpMachineOptions> = {}) => new Peer(program, to, options);

describe("closing", () => {
  test("the other side closes, then this side: LAST-ACK", () => {
    const talk = new Talk(peerOf(7));
    const [answer] = talk.send(fin | ack);
    expect(answer).toMatchObject({ flags: fin | ack | psh, acknowledgement: talk.mine });
    talk.theirs += 1;
    expect(talk.send(ack)).toEqual([]);
    expect(told(talk.peer.server)).toMatchObject({ open: 0, ends: 1, lastEnd: ended.closed });
  });

  test("this side closes: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT for a minute, in which a late FIN is answered", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["closeLast"]();
    talk.peer.server.wake();
    const [end] = talk.peer.pass(MILLISECOND);
    expect(end!.flags & fin).toBe(fin);
    talk.theirs += 1;
    talk.send(ack);
    const [last] = talk.send(fin | ack);
    expect(last).toMatchObject({ flags: ack, acknowledgement: talk.mine });
    expect(told(talk.peer.server)).toMatchObject({ waiting: 1, ends: 1, lastEnd: ended.closed });
    talk.peer.pass(30 * SECOND);
    const [again] = talk.send(fin | ack, undefined, { sequence: talk.mine - 1 });
    expect(again).toMatchObject({ flags: ack, acknowledgement: talk.mine - 1 });
    talk.peer.pass(59 * SECOND);
    expect(told(talk.peer.server).waiting).toBe(1);
    talk.peer.pass(2 * SECOND);
    expect(told(talk.peer.server)).toMatchObject({ waiting: 0, open: 0 });
  });

  test("both at once: CLOSING, then TIME-WAIT", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["closeLast"]();
    talk.peer.server.wake();
    talk.peer.pass(MILLISECOND);
    const [answer] = talk.send(fin | ack);
    expect(answer).toMatchObject({ flags: ack, acknowledgement: talk.mine });
    expect(told(talk.peer.server).waiting).toBe(0);
    talk.theirs += 1;
    talk.send(ack);
    expect(told(talk.peer.server)).toMatchObject({ waiting: 1, ends: 1 });
  });

  test("a FIN before what comes before it waits for that", () => {
    const talk = new Talk(peerOf(9));
    const from = talk.mine;
    talk.send(fin | ack, text("end"), { sequence: from + 3 });
    expect(told(talk.peer.server).finishes).toBe(0);
    talk.send(ack, text("the"), { sequence: from });
    expect(told(talk.peer.server)).toMatchObject({ received: 6, finishes: 1 });
  });

  test("FIN-WAIT-2 does not last for ever", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["closeLast"]();
    talk.peer.server.wake();
    talk.peer.pass(MILLISECOND);
    talk.theirs += 1;
    talk.send(ack);
    talk.peer.pass(61 * SECOND);
    expect(told(talk.peer.server)).toMatchObject({ open: 0, lastEnd: ended.timeout });
  });

  test("an abort is a reset", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["abortLast"]();
    talk.peer.server.wake();
    expect(talk.peer.pass(MILLISECOND)).toMatchObject([{ flags: rst | ack, sequence: talk.theirs }]);
    expect(told(talk.peer.server).open).toBe(0);
  });
});

describe("forged segments", () => {
  test("a reset counts only at exactly the next number; elsewhere it is asked about: RFC 5961 3", () => {
    const talk = new Talk(peerOf(7));
    expect(talk.send(rst, undefined, { sequence: talk.mine + 100 })).toMatchObject([
      { flags: ack, acknowledgement: talk.mine },
    ]);
    expect(talk.send(rst, undefined, { sequence: talk.mine + 70_000 })).toEqual([]);
    expect(told(talk.peer.server).open).toBe(1);
    talk.send(rst);
    expect(told(talk.peer.server)).toMatchObject({ open: 0, lastEnd: ended.reset });
  });

  test("a SYN within a connection is asked about: RFC 5961 4", () => {
    const talk = new Talk(peerOf(7));
    expect(talk.send(syn, undefined, { sequence: talk.mine + 5 })).toMatchObject([{ flags: ack }]);
    expect(told(talk.peer.server).open).toBe(1);
  });

  test("acknowledgements of what was never sent, or long ago, are asked about: RFC 5961 5", () => {
    const talk = new Talk(peerOf(7));
    const forged = { acknowledgement: (talk.theirs + 1000) >>> 0 };
    expect(talk.send(ack, text("evil"), forged)).toMatchObject([{ flags: ack, payload: new Uint8Array() }]);
    expect(told(talk.peer.server).received).toBe(0);
  });

  test("questions are asked twice a second at most", () => {
    const talk = new Talk(peerOf(7));
    let answers = 0;
    for (let n = 0; n < 100; n++)
      answers +=
        talk.send(rst, undefined, { sequence: talk.mine + 100 }).length +
        talk.peer.pass(10 * MILLISECOND).length;
    expect(answers).toBeLessThanOrEqual(3);
  });

  test("an old timestamp is not taken: PAWS, RFC 7323 5", () => {
    const talk = new Talk(peerOf(9), concat(hex("020405b4"), times(5000, 0)));
    const { value } = timesOf(talk.answer);
    talk.send(ack, text("a"), { options: times(5001, value) });
    talk.send(ack, text("b"), { options: times(4000, value) });
    expect(told(talk.peer.server).received).toBe(1);
    expect(counted(talk.peer.server, "paws")).toBe(1);
  });

  test("a new SYN with later numbers takes the place of a connection that waits: RFC 9293 3.6.1", () => {
    const talk = new Talk(peerOf(20));
    talk.peer.server.exports["closeLast"]();
    talk.peer.server.wake();
    talk.peer.pass(MILLISECOND);
    talk.theirs += 1;
    talk.send(fin | ack);
    expect(told(talk.peer.server).waiting).toBe(1);
    const [old] = talk.peer.send({ flags: syn, sequence: 900 });
    expect(old?.flags).not.toBe(syn | ack);
    const [fresh] = talk.peer.send({ flags: syn, sequence: 90_000 });
    expect(fresh).toMatchObject({ flags: syn | ack, acknowledgement: 90_001 });
  });
});

describe("limits", () => {
  test("more that are only begun get cookies, which take no place and open connections all the same", () => {
    const peer = peerOf(7, { halfOpen: 4, connections: 16 });
    const options = concat(hex("020405b4 0402"), times(77, 0).subarray(2), hex("01030307"));
    for (let n = 0; n < 100; n++) {
      peer.port = 30_000 + n;
      peer.send({ flags: syn, sequence: 1000, options });
    }
    expect(told(peer.server)).toMatchObject({ open: 4, halfOpen: 4 });
    expect(counted(peer.server, "cookiesSent")).toBe(96);
    peer.port = 50_000;
    const [answer] = peer.send({ flags: syn, sequence: 1000, options });
    expect(told(peer.server)).toMatchObject({ open: 4, accepts: 0 });
    const { value } = timesOf(answer!);
    const known = { acknowledgement: (answer!.sequence + 1) >>> 0, options: times(78, value) };
    const fields = { flags: ack | psh, sequence: 1001, ...known };
    const [echo] = peer.send(fields, text("hello"));
    expect(echo!.payload).toEqual(text("hello"));
    expect(timesOf(echo!).echo).toBe(78);
    expect(counted(peer.server, "cookiesTaken")).toBe(1);
    // What was in the SYN is known again: that the peer takes SACK.
    const [gap] = peer.send({ ...fields, sequence: 1010 }, text("later"));
    expect(blocksOf(gap!, 1001)).toEqual([[9, 14]]);
  });

  test("a cookie is good for a minute or two, and no other number is one", () => {
    const peer = peerOf(7, { halfOpen: 1, connections: 16 });
    peer.send({ flags: syn, sequence: 1000 });
    peer.port += 1;
    const [answer] = peer.send({ flags: syn, sequence: 1000, options: hex("020405b4") });
    const good = { flags: ack, sequence: 1001, acknowledgement: (answer!.sequence + 1) >>> 0 };
    for (let n = 0; n < 200; n++)
      expect(
        peer.send({ ...good, acknowledgement: (good.acknowledgement + n * 7919 + 1) >>> 0 }),
      ).toMatchObject([{ flags: rst }]);
    peer.pass(130 * SECOND);
    expect(peer.send(good)).toMatchObject([{ flags: rst }]);
    expect(told(peer.server).accepts).toBe(0);
  });

  test("one source has no more than its share", () => {
    const peer = peerOf(7, { perSource: 3, connections: 16 });
    const answers = Array.from({ length: 10 }, () => {
      peer.port += 1;
      return peer.send({ flags: syn, sequence: 1000 }).length;
    });
    expect(answers.reduce((sum, n) => sum + n)).toBe(3);
    expect(counted(peer.server, "perSource")).toBe(7);
  });

  test("connections that only wait give way to new ones", () => {
    const peer = peerOf(9, { connections: 16 });
    for (let n = 0; n < 100; n++) {
      peer.port += 1;
      const talk = new Talk(peer);
      peer.server.exports["closeLast"]();
      peer.server.wake();
      peer.pass(MILLISECOND);
      talk.theirs += 1;
      talk.send(fin | ack);
    }
    expect(told(peer.server)).toMatchObject({ accepts: 100, open: 16, waiting: 16 });
    expect(counted(peer.server, "recycled")).toBe(84);
  });

  test("many gaps are kept within bounds, and everything is given back", () => {
    const talk = new Talk(peerOf(9));
    const { free } = told(talk.peer.server);
    for (let n = 0; n < 2000; n++)
      talk.send(ack, filled(1), { sequence: talk.mine - 1 + 2 * ((n * 7919) % 30_000) });
    expect(counted(talk.peer.server, "noMemory")).toBeGreaterThan(0);
    talk.send(rst, undefined, { sequence: 1001 });
    talk.peer.pass(SECOND);
    if (told(talk.peer.server).open === 1)
      talk.send(rst, undefined, { sequence: talk.peer.got.at(-1)?.acknowledgement ?? 1002 });
    expect(told(talk.peer.server)).toMatchObject({ open: 0, free });
  });

  test("ten thousand idle connections need less than 16 MiB", () => {
    const memoryOf = (connections: number) => {
      const peer = peerOf(20, { connections, perSource: connections, halfOpen: 16 });
      // A large object comes behind all others: its place says how much they take.
      const used: number = peer.server.exports["__new"](65_536, 1);
      return { peer, used, size: peer.server.memory.buffer.byteLength };
    };
    const [few, many] = [memoryOf(100), memoryOf(10_100)];
    expect(many.used - few.used).toBeLessThan(16 << 20);
    for (let n = 0; n < 10_000; n++) {
      many.peer.port = 1024 + n;
      new Talk(many.peer);
    }
    expect(told(many.peer.server)).toMatchObject({ open: 10_000, accepts: 10_000 });
    expect(many.peer.server.memory.buffer.byteLength).toBe(many.size);
  });
});
