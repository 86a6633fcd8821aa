/** How fast it is where frames are lost, beside the model of RFC 9438 section 5.2: CUBIC is never slower than Reno would be. */
import { beforeAll, expect, test } from "vitest";
import { addressNumber, MILLISECOND, MINUTE, SECOND } from "#simulate";
import { counted, pairOf, SERVER, service, tcpProgram, told } from "#tools/tcp-peers";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

const [SEGMENT, LOSS, DELAY] = [1448, 0.01, 50 * MILLISECOND];

test("with 1 % loss and 50 ms each way it sends as much as the model says", () => {
  const rates = Array.from({ length: 3 }, (_, seed) => {
    const { simulation, cable, client, server } = pairOf(
      program,
      seed,
      { delay: DELAY },
      { serve: [{ port: 19, service: service.generate, amount: 2 ** 40 }], nic: { offloads: seed === 1 } },
      { window: 1 << 20, memory: 4 << 20 },
    );
    cable.back.set({ loss: LOSS });
    client.exports["connect"](0n, BigInt(addressNumber(SERVER)), 19, service.discard, 0n);
    client.wake();
    simulation.run(MINUTE);
    const before = told(client).received;
    simulation.run(4 * MINUTE);
    expect(counted(server, "timeouts")).toBeLessThan(10);
    return (told(client).received - before) / 240;
  });
  const rate = rates.reduce((sum, each) => sum + each) / rates.length;
  // RFC 9438 5.2, AVG_AIMD: the square root of 3/2 by the square root of the loss, in segments a round trip.
  const model = (Math.sqrt(1.5 / LOSS) * SEGMENT) / ((2 * DELAY) / SECOND);
  expect(rate / model).toBeGreaterThan(0.9);
});
