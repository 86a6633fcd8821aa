/** Messages to a server, over networks and to servers that fail. That real ones understand them is asked in `test/operations.test.ts`. */
import { beforeAll, describe, expect, test } from "vitest";
import { Cable, Host, Machine, MINUTE, SECOND, Simulation, Switch } from "#simulate";
import { HttpClient } from "#tools/http-peers";
import { simulatedAppliance } from "#tools/simulated";
import { datagramsTo, SyslogServer } from "#tools/syslog-server";

const ADDRESS = "10.0.2.15";
const HEAD =
  /^<(\d+)>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) told\.example\.com ([a-z/]+) - - \[meta sequenceId="(\d+)" sysUpTime="\d+"\](.*)$/s;

const parts = (message: string) => {
  const [, priority, time, by, sequence, rest] = HEAD.exec(message) ?? [];
  if (rest === undefined) throw new Error(`no message of RFC 5424: ${message}`);
  return { priority: Number(priority), time, by, sequence: Number(sequence), rest };
};

function network(program: WebAssembly.Module, given?: string) {
  const simulation = new Simulation({ seed: 1 });
  const machine = new Machine(simulation, {
    name: "told",
    program,
    ...(given === undefined ? {} : { given }),
  });
  const host = new Host(simulation, { name: "server", address: "10.0.2.2/24" });
  const middle = new Switch(simulation, "switch");
  const cable = new Cable(simulation, machine.port, middle.port());
  const far = new Cable(simulation, host.port, middle.port());
  return { simulation, machine, host, cable, far, middle };
}

describe("over UDP", () => {
  let program: WebAssembly.Module;
  beforeAll(async () => {
    program = await simulatedAppliance("test/syslog.appl@kvm");
  });

  test("the first message says which image it is, all others what the console says", () => {
    const { simulation, machine, host } = network(program);
    const got = datagramsTo(host);
    machine.switchOn();
    simulation.run(5 * SECOND);
    const [first, second, ...none] = got.map(parts);
    expect(first).toMatchObject({ priority: 19 * 8 + 5, by: "log", sequence: 1 });
    expect(first!.rest).toMatch(
      /^\[origin software="appl" swVersion="([0-9a-f]{32})"\] started: told sha256:\1[0-9a-f]{32}$/,
    );
    expect(second).toMatchObject({ priority: 19 * 8 + 6, by: "net/stack", sequence: 2 });
    expect(second!.rest).toBe(` ${machine.console[0]!.text}`);
    expect(none).toEqual([]);
  });

  test("nothing is sent before it is known where the server is, so nothing is lost while nobody answers", () => {
    const { simulation, machine, host, far } = network(program);
    const got = datagramsTo(host);
    far.cut();
    machine.switchOn();
    simulation.run(1.5 * SECOND);
    far.heal();
    simulation.run(5 * SECOND);
    expect(got.map(parts).map(({ sequence, by }) => [sequence, by])).toEqual([
      [1, "log"],
      [2, "net/stack"],
    ]);
  });

  test("the server may come with the start of the machine, and hears nothing of another one", () => {
    const { simulation, machine, host } = network(program, "syslog/server = 10.0.2.9:514\n");
    const got = datagramsTo(host);
    const other = datagramsTo(host);
    machine.switchOn();
    simulation.run(5 * SECOND);
    expect([got, other]).toEqual([[], []]);
  });
});

describe("over TCP", () => {
  let program: WebAssembly.Module;
  beforeAll(async () => {
    program = await simulatedAppliance("test/syslog.appl@kvm", { stream: "true" });
  });

  test("messages have their lengths in front, in order, once", () => {
    const { simulation, machine, host } = network(program);
    const server = new SyslogServer(host);
    machine.switchOn();
    simulation.run(5 * SECOND);
    expect(server.messages.map(parts).map(({ sequence, by }) => [sequence, by])).toEqual([
      [1, "log"],
      [2, "net/stack"],
    ]);
  });

  test("a server that is not there is tried for ever more seldom, up to once a minute, and then gets everything", () => {
    const { simulation, machine, host } = network(program);
    const server = new SyslogServer(host);
    server.mode = "refusing";
    machine.switchOn();
    simulation.run(20 * MINUTE);
    const waits = server.attempts.slice(1).map((at, n) => (at - server.attempts[n]!) / SECOND);
    for (const [n, wait] of waits.entries()) {
      const wanted = Math.min(2 ** n, 60);
      expect(wait).toBeGreaterThan(wanted * 0.74);
      expect(wait).toBeLessThan(wanted * 1.27);
    }
    expect(waits.length).toBeGreaterThan(20);
    server.mode = "well";
    simulation.run(2 * MINUTE);
    expect(server.messages.map(parts).map(({ by }) => by)).toEqual(["log", "net/stack"]);
  });

  test("what was on its way when the cable was cut comes over the next connection", () => {
    const { simulation, machine, host, cable } = network(program);
    const server = new SyslogServer(host);
    machine.switchOn();
    server.mode = "mute";
    simulation.run(30 * SECOND);
    expect(server.attempts.length).toBe(1);
    cable.cut();
    simulation.run(20 * MINUTE);
    cable.heal();
    server.mode = "well";
    simulation.run(3 * MINUTE);
    expect(server.messages.map(parts).map(({ by }) => by)).toEqual(["log", "net/stack"]);
  });

  test("when too many lines wait, the server gets the first ones, and then how many it does not get", () => {
    const { simulation, machine, host, middle } = network(program);
    const server = new SyslogServer(host);
    const client = new HttpClient(simulation, { name: "client", address: "10.0.2.3", server: ADDRESS });
    new Cable(simulation, client.host.port, middle.port());
    server.mode = "mute";
    machine.switchOn();
    simulation.run(2 * SECOND);
    const connection = client.connect();
    for (let n = 0; n < 40; n++) {
      connection.send(`GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`);
      simulation.run(SECOND / 10);
    }
    expect(connection.received.split("HTTP/1.1 404 ").length).toBe(41);
    server.mode = "well";
    simulation.run(2 * MINUTE);
    const rest = server.messages.map(parts).map(({ rest }) => rest);
    // One of sixteen is the line of the interface.
    expect(rest.slice(2, -1).map((line) => /GET (\S+)/.exec(line)?.[1])).toEqual(
      Array.from({ length: 15 }, (_, n) => `/${n}`),
    );
    expect(rest.at(-1)).toBe(" 25 lines were not sent: too many were waiting");
    expect(machine.console.length).toBe(1);
  });

  test("a server that ends the connection is connected to again, and not told the same twice", () => {
    const { simulation, machine, host } = network(program);
    const server = new SyslogServer(host);
    machine.switchOn();
    simulation.run(5 * SECOND);
    server.close();
    simulation.run(5 * SECOND);
    expect([server.received.length, server.messages.length]).toEqual([2, 2]);
  });
});
