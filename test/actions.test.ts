/** What a request may switch, and who may: `actions.appl` on a scripted board. Hashes of passwords are Node's. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { askTcp, Cable, Host, Machine, MILLISECOND, SECOND, Simulation, TcpClient } from "#simulate";
import { simulatedAppliance } from "#tools/simulated";
import { hashOf, TOKEN } from "./passwords.ts";

let program: WebAssembly.Module;
const PUMP = 4;

beforeAll(async () => {
  program = await simulatedAppliance("test/actions.appl");
}, 120_000);

const known = (rounds: number): string => `http/admin=${hashOf("right", rounds)}\nhttp/token=${TOKEN}\n`;

function shed(given: string | undefined = known(1000)) {
  const simulation = new Simulation();
  const machine = new Machine(simulation, { name: "shed", program, given });
  const client = new Host(simulation, { name: "client", address: "10.0.2.2/24" });
  new Cable(simulation, client.port, machine.port);
  const tcp = new TcpClient(client);
  machine.switchOn();
  simulation.run(SECOND);
  const ask = (text: string) => askTcp(tcp, "10.0.2.15", 80, new TextEncoder().encode(text));
  const send = (head: string) => ask(`${head}Host: shed\r\nConnection: close\r\n\r\n`);
  const heard = (question: ReturnType<typeof ask>): string => {
    simulation.run(500 * MILLISECOND);
    return new TextDecoder().decode(question.answer);
  };
  return {
    simulation,
    machine,
    send,
    /** The whole answer. */
    asked: (head: string): string => heard(send(head)),
    /** What comes back for exactly these bytes. */
    answered: (text: string): string => heard(ask(text)),
    pump: () => (machine.board.driven(PUMP) === "high" ? "on" : "off"),
    lines: () => machine.console.map(({ text }) => text).filter((text) => text.includes("HTTP/1")),
  };
}

const basic = (user: string, password: string): string =>
  `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}\r\n`;
const POST = "POST /api/pump HTTP/1.1\r\nContent-Length: 0\r\n";
const PUT = "PUT /api/short HTTP/1.1\r\nContent-Length: 0\r\n";

test("who says the password switches the pump on, for as long as the description says", () => {
  const { simulation, asked, pump } = shed();
  expect(asked(POST + basic("admin", "right"))).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  expect(pump()).toBe("on");
  expect(asked("GET /api/state HTTP/1.1\r\n")).toContain('"pump":true');
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
  ["the token of another path", `Authorization: Bearer ${TOKEN}\r\n`],
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
  for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
    const answer = asked(`${method} /api/pump HTTP/1.1\r\n${basic("admin", "right")}`);
    expect(answer).toMatch(/ 405 /);
    expect(answer).toContain("\r\nAllow: POST, OPTIONS\r\n");
  }
  expect(asked("OPTIONS /api/pump HTTP/1.1\r\n")).toMatch(/ 204 .*\r\nAllow: POST, OPTIONS\r\n/s);
  expect(asked("OPTIONS /api/short HTTP/1.1\r\n")).toMatch(/ 204 .*\r\nAllow: PUT, OPTIONS\r\n/s);
  expect(asked("OPTIONS /api/state HTTP/1.1\r\n")).toMatch(/ 204 .*\r\nAllow: GET, HEAD, OPTIONS\r\n/s);
  const posted = asked(`POST /api/state HTTP/1.1\r\nContent-Length: 0\r\n${basic("admin", "right")}`);
  expect(posted).toMatch(/ 405 .*\r\nAllow: GET, HEAD, OPTIONS\r\n/s);
  expect(pump()).toBe("off");
});

test("a page of somebody else cannot make a browser ask that knows the password", () => {
  const { asked, pump } = shed();
  expect(asked(`${POST}${basic("admin", "right")}Sec-Fetch-Site: cross-site\r\n`)).toMatch(/ 403 /);
  expect(pump()).toBe("off");
  expect(asked(`${POST}${basic("admin", "right")}Sec-Fetch-Site: same-origin\r\n`)).toMatch(/ 204 /);
});

test("one password after the other is looked at, others are told to come again, and who leaves holds up nobody", () => {
  const { simulation, send, asked } = shed(known(100_000));
  const questions = [1, 2, 3].map((n) => send(POST + basic("admin", `wrong${n}`)));
  simulation.run(SECOND);
  const statuses = questions.map(({ answer }) => new TextDecoder().decode(answer).slice(9, 12));
  expect(statuses.toSorted()).toEqual(expect.arrayContaining(["401"]));
  expect(statuses.every((status) => ["401", "503"].includes(status))).toBe(true);
  expect(asked(POST + basic("admin", "right"))).toMatch(/ 204 /);
});

describe("a token", () => {
  const bearer = (token: string, scheme = "Bearer"): string => `Authorization: ${scheme} ${token}\r\n`;

  test("switches at once, and for its own time", () => {
    const { simulation, asked, pump } = shed();
    expect(asked(PUT + bearer(TOKEN))).toMatch(/ 204 /);
    expect(pump()).toBe("on");
    simulation.run(SECOND);
    expect(pump()).toBe("off");
    expect(asked(PUT + bearer(TOKEN, "bEaReR"))).toMatch(/ 204 /);
  });

  test.each([
    ["nothing", ""],
    ["another", bearer("another.token.of.the.same.length")],
    ["a longer one", bearer(`${TOKEN}x`)],
    ["a shorter one", bearer(TOKEN.slice(0, -1))],
    ["none behind the scheme", bearer("")],
    ["one that is longer than any", bearer("x".repeat(1000))],
    ["the password", basic("admin", "right")],
    ["the token as a password", basic("admin", TOKEN)],
  ])("is asked for as RFC 6750 says: %s opens nothing", (_, field) => {
    const { asked, pump } = shed();
    for (const head of [PUT, "GET /api/token HTTP/1.1\r\n"]) {
      const answer = asked(head + field);
      expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
      expect(answer).toContain('\r\nWWW-Authenticate: Bearer realm="appliance"\r\n');
      expect(answer).not.toContain("pump");
    }
    expect(pump()).toBe("off");
  });

  test("shows what is for those who have it", () => {
    const { asked } = shed();
    expect(asked(`GET /api/token HTTP/1.1\r\n${bearer(TOKEN)}`)).toMatch(
      / 200 .*\r\n\r\n\{"pump":false\}\n$/s,
    );
  });
});

test("whatever stands in the field, nobody is let in who is not known, and nothing falls", () => {
  const { asked, pump } = shed(known(100));
  const texts = fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 300 }).map((text) => text.replace(/[\r\n\0]/g, " ")),
    fc.base64String({ maxLength: 300 }).map((text) => `Basic ${text}`),
    fc.string({ maxLength: 200 }).map((text) => `Basic ${Buffer.from(`admin:${text}`).toString("base64")}`),
    fc.string({ unit: "grapheme-ascii", maxLength: 300 }).map((text) => `Bearer ${text}`),
  );
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(POST, PUT, "GET /api/ours HTTP/1.1\r\n", "GET /api/token HTTP/1.1\r\n"),
      (text, head) => {
        expect(asked(`${head}Authorization: ${text}\r\n`)).toMatch(/^HTTP\/1\.1 (401|400|431) /);
        expect(pump()).toBe("off");
      },
    ),
    { numRuns: 500 },
  );
  expect(asked(POST + basic("admin", "right"))).toMatch(/ 204 /);
});

describe("values that are not for everybody", () => {
  test("are shown to who says the password, and nothing of them to others", () => {
    const { asked } = shed();
    const wrong = asked(`GET /api/ours HTTP/1.1\r\n${basic("admin", "wrong")}`);
    expect(wrong).toMatch(/^HTTP\/1\.1 401 /);
    expect(wrong).not.toContain("pump");
    for (const _ of ["looked at", "known again"])
      expect(asked(`GET /api/ours HTTP/1.1\r\n${basic("admin", "right")}`)).toMatch(
        / 200 .*\r\n\r\n\{"pump":false\}\n$/s,
      );
  });

  test("HEAD gets no body while the password is looked at either, so the next answer is where it is expected", () => {
    const { answered } = shed();
    const head = (path: string, field: string) => `HEAD ${path} HTTP/1.1\r\nHost: shed\r\n${field}\r\n`;
    const last = "GET /api/state HTTP/1.1\r\nHost: shed\r\nConnection: close\r\n\r\n";
    for (const password of ["wrong", "right", "right"]) {
      const answer = answered(head("/api/ours", basic("admin", password)) + last);
      const [first, second, body] = answer.split("\r\n\r\n");
      expect(first).toMatch(password === "right" ? / 200 .*Content-Length: 15(\r|$)/s : / 401 /);
      expect(second).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(JSON.parse(body!)).toMatchObject({ pump: false });
    }
  });

  test("a client of HTTP/1.0 that asks for it keeps its connection over that", () => {
    const { answered } = shed();
    const answer = answered(
      `GET /api/ours HTTP/1.0\r\nHost: shed\r\nConnection: keep-alive\r\n${basic("admin", "right")}\r\nGET /api/state HTTP/1.0\r\nHost: shed\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(answer).toContain("\r\nConnection: keep-alive\r\n");
  });
});

test("what is written down has the request, also after a password was looked at, and how long its answer was", () => {
  const { asked, lines } = shed();
  const state = asked("GET /api/state HTTP/1.1\r\n").split("\r\n\r\n")[1]!;
  asked("HEAD /api/state HTTP/1.1\r\n");
  asked(POST + basic("admin", "wrong"));
  asked(POST + basic("admin", "right"));
  asked(`GET /api/ours HTTP/1.1\r\n${basic("admin", "wrong")}`);
  expect(lines().map((line) => line.replace(/^.*?"/, '"'))).toEqual([
    `"GET /api/state HTTP/1.1" 200 ${state.length}`,
    '"HEAD /api/state HTTP/1.1" 200 0',
    '"POST /api/pump HTTP/1.1" 401 17',
    '"POST /api/pump HTTP/1.1" 204 0',
    '"GET /api/ours HTTP/1.1" 401 17',
  ]);
});

test("without the secrets nobody is let in, which is said, and all else is there", () => {
  const { machine, asked, pump } = shed("");
  for (const slot of ["http/admin", "http/token"])
    expect(machine.console.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        `^boot: http lets in nobody who needs a password or a token: \`${slot}\` is missing; it wants `,
      ),
    );
  expect(asked(POST + basic("admin", ""))).toMatch(/ 401 /);
  expect(asked(`${PUT}Authorization: Bearer \r\n`)).toMatch(/ 401 /);
  expect(asked("GET /api/ours HTTP/1.1\r\n")).toMatch(/ 401 /);
  expect(asked("GET /api/state HTTP/1.1\r\n")).toContain('"pump":false');
  expect(pump()).toBe("off");
});
