/** A machine that was not given all that it wants: who needs that does not run, and all others do. */
import { beforeAll, expect, test } from "vitest";
import { askUdp, Cable, dnsQuestion, Host, Machine, ping, SECOND, Simulation } from "#simulate";
import { simulatedAppliance } from "../tools/simulated.ts";
import { datagramsTo } from "../tools/syslog-server.ts";

const ADDRESS = "10.0.2.15";
let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/idle.appl@kvm");
});

function started(given: string) {
  const simulation = new Simulation({ seed: 1 });
  const machine = new Machine(simulation, { name: "idle", program, given });
  const host = new Host(simulation, { name: "host", address: "10.0.2.2/24" });
  new Cable(simulation, machine.port, host.port);
  const told = datagramsTo(host);
  machine.switchOn();
  simulation.run(2 * SECOND);
  const question = askUdp(host, ADDRESS, 53, dnsQuestion("ns1.example.com", "A", 1)!);
  const echo = ping(host, ADDRESS);
  simulation.run(5 * SECOND);
  return {
    said: machine.console.map(({ text }) => text).filter((text) => text.startsWith("boot: ")),
    answers: question.answer !== undefined,
    isThere: echo.answer !== undefined,
    told: told.length > 0,
  };
}

const KEY = "tsig/xfr = aGVsbG9oZWxsb2hlbGxvaGVsbG8=\n";
const SERVER = "syslog/server = 10.0.2.2:514\n";
const noKey = expect.stringMatching(
  /^boot: dns does not run: `tsig\/xfr` is missing; it wants dns\.TsigKey: /,
);
const noServer = expect.stringMatching(
  /^boot: syslog does not run: `syslog\/server` is missing; it wants SocketAddr: /,
);

test.each([
  ["everything", KEY + SERVER, { said: [], answers: true, told: true }],
  ["no key", SERVER, { said: [noKey], answers: false, told: true }],
  ["no server", KEY, { said: [noServer], answers: true, told: false }],
  ["nothing", "", { said: [noKey, noServer], answers: false, told: false }],
])("with %s the rest runs", (_what, given, expected) => {
  expect(started(given)).toEqual({ isThere: true, ...expected });
});
