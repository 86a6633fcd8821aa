/** What a request may switch, and who may: `actions.appl` on a scripted board. Hashes of passwords are Node's. */
import { pbkdf2Sync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { askTcp, Cable, Host, Machine, MILLISECOND, SECOND, Simulation, TcpClient } from "#simulate";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
const PUMP = 4;

beforeAll(async () => {
  program = await simulatedAppliance("test/actions.appl");
}, 120_000);

/** As passlib writes it: base64 without padding, with a point in the place of the plus sign. */
function hashOf(password: string, rounds: number): string {
  const salt = Buffer.from("0123456789abcdef");
  const text = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "").replaceAll("+", ".");
  return `$pbkdf2-sha256$${rounds}$${text(salt)}$${text(pbkdf2Sync(password, salt, rounds, 32, "sha256"))}`;
}

function shed(given: string | undefined = `http/admin=${hashOf("right", 1000)}\n`) {
  const simulation = new Simulation();
  const machine = new Machine(simulation, { name: "shed", program, given });
  const client = new Host(simulation, { name: "client", address: "10.0.2.2/24" });
  new Cable(simulation, client.port, machine.port);
  const tcp = new TcpClient(client);
  machine.switchOn();
  simulation.run(SECOND);
  const send = (head: string) =>
    askTcp(tcp, "10.0.2.15", 80, new TextEncoder().encode(`${head}Host: shed\r\nConnection: close\r\n\r\n`));
  return {
    simulation,
    machine,
    send,
    /** The whole answer. */
    asked(head: string): string {
      const question = send(head);
      simulation.run(500 * MILLISECOND);
      return new TextDecoder().decode(question.answer);
    },
    pump: () => (machine.board.driven(PUMP) === "high" ? "on" : "off"),
  };
}

const basic = (user: string, password: string): string =>
  `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}\r\n`;
const POST = "POST /api/pump HTTP/1.1\r\nContent-Length: 0\r\n";

test("who says the password switches the pump on, for as long as the description says", () => {
  const { simulation, asked, pump } = shed();
  expect(asked(POST + basic("admin", "right"))).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  expect(pump()).toBe("on");
  expect(asked("GET /api/state HTTP/1.1\r\n")).toContain('{"pump":true}');
  simulation.run(28 * SECOND);
  expect(pump()).toBe("on");
  simulation.run(2 * SECOND);
  expect(pump()).toBe("off");
  // The second time it is known again.
  expect(asked(POST + basic("admin", "right"))).toMatch(/ 204 /);
});

test.each([
  ["nothing", ""],
  ["a wrong password", basic("admin", "wrong")],
  ["a longer password", basic("admin", "right1")],
  ["no password", basic("admin", "")],
  ["another name", basic("root", "right")],
  ["no colon", `Authorization: Basic ${Buffer.from("admin").toString("base64")}\r\n`],
  ["no base64", "Authorization: Basic !!!!\r\n"],
  ["nothing behind the scheme", "Authorization: Basic\r\n"],
  ["another scheme", "Authorization: Bearer right\r\n"],
  ["more than any password", basic("admin", "x".repeat(65))],
  ["more than there is room for", basic("admin", "x".repeat(1000))],
])("%s opens nothing", (_, field) => {
  const { asked, pump } = shed();
  const answer = asked(POST + field);
  expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
  expect(answer).toContain('WWW-Authenticate: Basic realm="appliance", charset="UTF-8"\r\n');
  expect(pump()).toBe("off");
});

test("two of the same field are refused, other methods are not allowed, and nothing is posted elsewhere", () => {
  const { asked, pump } = shed();
  expect(asked(POST + basic("admin", "wrong") + basic("admin", "right"))).toMatch(/ 400 /);
  for (const method of ["GET", "PUT", "DELETE"])
    expect(asked(`${method} /api/pump HTTP/1.1\r\n${basic("admin", "right")}`)).toMatch(/ 405 /);
  expect(asked(`POST /api/state HTTP/1.1\r\nContent-Length: 0\r\n${basic("admin", "right")}`)).toMatch(
    / 405 /,
  );
  expect(pump()).toBe("off");
});

test("a page of somebody else cannot make a browser ask that knows the password", () => {
  const { asked, pump } = shed();
  expect(asked(`${POST}${basic("admin", "right")}Sec-Fetch-Site: cross-site\r\n`)).toMatch(/ 403 /);
  expect(pump()).toBe("off");
  expect(asked(`${POST}${basic("admin", "right")}Sec-Fetch-Site: same-origin\r\n`)).toMatch(/ 204 /);
});

test("one password after the other is looked at, others are told to come again, and who leaves holds up nobody", () => {
  const { simulation, send, asked } = shed(`http/admin=${hashOf("right", 100_000)}\n`);
  const questions = [1, 2, 3].map((n) => send(POST + basic("admin", `wrong${n}`)));
  simulation.run(SECOND);
  const statuses = questions.map(({ answer }) => new TextDecoder().decode(answer).slice(9, 12));
  expect(statuses.toSorted()).toEqual(expect.arrayContaining(["401"]));
  expect(statuses.every((status) => ["401", "503"].includes(status))).toBe(true);
  expect(asked(POST + basic("admin", "right"))).toMatch(/ 204 /);
});

test("without the secret nobody is let in, and all else is there", () => {
  const { machine, asked, pump } = shed("");
  expect(machine.console.map(({ text }) => text)).toContainEqual(
    expect.stringContaining("`http/admin` is missing"),
  );
  expect(asked(POST + basic("admin", ""))).toMatch(/ 401 /);
  expect(asked("GET /api/state HTTP/1.1\r\n")).toContain('{"pump":false}');
  expect(pump()).toBe("off");
});
