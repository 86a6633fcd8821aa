/** What happens when there is not enough: of memory for what is to be sent, and of the device's buffers. */
import { beforeAll, expect, test } from "vitest";
import { MILLISECOND, SECOND, tcpFlag } from "#simulate";
import { filled, Peer, Talk, tcpProgram, text, told } from "#tools/tcp-peers";

const { rst, psh, ack } = tcpFlag;

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

/** A connection of its own port; what it says is echoed, and never acknowledged. */
function talker(peer: Peer, said: Uint8Array<ArrayBuffer>): { talk: Talk; port: number; answers: number } {
  peer.port += 1;
  const talk = new Talk(peer);
  const answers = talk
    .send(psh | ack, said)
    .filter(({ to, payload }) => to === peer.port && payload.length > 0);
  return { talk, port: peer.port, answers: answers.length };
}
function end(peer: Peer, { talk, port }: { talk: Talk; port: number }): void {
  peer.port = port;
  peer.send({ flags: rst, sequence: talk.mine, acknowledgement: talk.theirs });
}

/** Memory for four copies of what is sent, and as many connections that have them all. */
function full() {
  const peer = new Peer(program, 7, { memory: 4096, window: 4096 });
  const { free } = told(peer.server);
  const greedy = Array.from({ length: 4 }, () => talker(peer, filled(1000)));
  expect(greedy.map(({ answers }) => answers)).toEqual([1, 1, 1, 1]);
  return { peer, free, greedy };
}

test("who found no memory and has nothing on its way gets its answer when others have given some back", () => {
  const { peer, greedy } = full();
  const modest = talker(peer, text("hello"));
  expect(modest.answers).toBe(0);
  peer.got.splice(0);
  end(peer, greedy[0]!);
  const got = peer
    .pass(100 * MILLISECOND)
    .filter(({ to, payload }) => to === modest.port && payload.length > 0);
  expect(got.map(({ payload }) => payload)).toEqual([text("hello")]);
});

test("who has found none and ends is asked no more", () => {
  const { peer, free } = full();
  for (let n = 0; n < 5; n++) talker(peer, text("hello"));
  peer.server.exports["abortAll"]();
  peer.pass(SECOND);
  expect(told(peer.server)).toMatchObject({ open: 0, free });
  const { turns } = peer.server;
  peer.pass(10 * SECOND);
  expect(peer.server.turns - turns).toBeLessThan(10);
});

test("a connection that is given up before it is there takes no buffer with it", () => {
  const peer = new Peer(program, 7);
  peer.server.exports["connect"](0n, 0x0a000202n, 9999, 1, 0n);
  peer.server.wake();
  peer.pass(10 * MILLISECOND);
  peer.server.exports["abortAll"]();
  peer.pass(SECOND);
  expect(peer.server.devices[0]!.held).toEqual({ received: 0, sending: 0 });
});
