/** What is written down of requests. That a server of syslog gets it is asked in `test/operations.test.ts`. */
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

const entry = `
export * from "../testing/server";
import { setFormat } from "./line";
import { set, start } from "./limits";
export function begin(format: i32, sample: u32, least: u32, rate: u64): void { setFormat(format); set(sample, least, rate); start(); }
`;
const [COMMON, COMBINED, JSON_LINES] = [0, 1, 2];

let as: AsInstance;
let said = "";
let time = 1_000_000_000n;

beforeAll(async () => {
  as = await loadAs(
    {
      entry: "stdlib/http/access/test-entry.ts",
      files: {
        "stdlib/http/access/test-entry.ts": entry,
        "stdlib/log/test-console.ts": "export declare function write(byte: u32): void;\n",
      },
      needs: {
        "stdlib/http": {
          clock: "stdlib/net/simulation/clock",
          wall: "stdlib/net/simulation/wall",
          log: "stdlib/log/test-all",
          random: "",
          outputs: "",
        },
        "stdlib/log": { console: "stdlib/log/test-console" },
      },
      parts: {
        "stdlib/http": { access: true, remote: false, json: false, auth: false, action: false },
        "stdlib/log": { kept: false, banner: false },
      },
    },
    { "test-console": { write: (byte: number) => (said += String.fromCharCode(byte)) } },
  );
  as.exports["beginSites"](0, 0);
  as.exports["beginSite"](as.string("www.example.com"));
  as.exports["addReply"](as.string("/hello"), 200, as.string("hello\n"));
  as.exports["finishSites"](8, 2);
  as.exports["setDate"](1_795_319_010_000_000_000n);
});

beforeEach(() => {
  said = "";
  time += 1_000_000_000_000n;
  as.exports["setTime"](time);
  as.exports["begin"](COMBINED, 1, 0, 1000n);
});

function ask(text: string, client = 0x7f000001n): string[] {
  as.exports["connect"](client);
  const bytes = Buffer.from(text, "latin1");
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
  as.exports["arrive"](0, bytes.length);
  as.exports["taken"]();
  as.exports["endIt"]();
  return said.split("\r\n").slice(0, -1);
}

const get = (target: string, more = ""): string[] =>
  ask(`GET ${target} HTTP/1.1\r\nHost: www.example.com\r\n${more}\r\n`);
const clock = "[22/Nov/2026:03:43:30 +0000]";

test("a line is as Apache and nginx write it", () => {
  expect(get("/hello?x=1", "User-Agent: curl/8\r\nReferer: http://a/b\r\n")).toEqual([
    `127.0.0.1 - - ${clock} "GET /hello?x=1 HTTP/1.1" 200 6 "http://a/b" "curl/8"`,
  ]);
  said = "";
  as.exports["begin"](COMMON, 1, 0, 1000n);
  expect(ask("GET /none HTTP/1.0\r\nHost: www.example.com\r\n\r\n")[0]).toMatch(
    /^127\.0\.0\.1 - - \[22\/Nov\/2026:03:43:30 \+0000\] "GET \/none HTTP\/1\.0" 404 \d+$/,
  );
});

test("of what is no request nothing is written but its refusal", () => {
  expect(ask("GET / HTTP/1.1\r\nHost: a\r\nX: y\rSTOLEN\r\n\r\n")).toEqual([
    expect.stringMatching(/^127\.0\.0\.1 - - \[.*\] "-" 400 \d+ "-" "-"$/),
  ]);
});

test("quotes, backslashes and what is no ASCII are escaped", () => {
  const agent = 'User-Agent: a"b\\c\xff\x80\r\n';
  expect(get("/hello", agent)[0]).toMatch(/"a\\x22b\\x5cc\\xff\\x80"$/);
  said = "";
  as.exports["begin"](JSON_LINES, 1, 0, 1000n);
  expect(JSON.parse(get("/hello", agent)[0]!)).toEqual({
    time: "2026-11-22T03:43:30Z",
    client: "127.0.0.1",
    method: "GET",
    host: "www.example.com",
    target: "/hello",
    protocol: "HTTP/1.1",
    agent: 'a"b\\c\xff\x80',
    status: 200,
    bytes: 6,
  });
});

test("long texts are cut, and every line fits into a message", () => {
  const long = "x".repeat(1000);
  const [line] = get(`/${long}`, `User-Agent: ${"\xff".repeat(1000)}\r\nReferer: ${long}\r\n`);
  expect(line).toContain(`GET /${"x".repeat(159)}... HTTP/1.1`);
  expect(line).toContain(`"${"x".repeat(80)}..." "${"\\xff".repeat(80)}..."`);
});

test("whatever a client sends, there is one line for it, without control characters, and JSON is JSON", () => {
  const text = fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((n) => String.fromCharCode(n)),
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.constantFrom(COMMON, COMBINED, JSON_LINES),
      (target, agent, referer, format) => {
        said = "";
        time += 1_000_000_000n;
        as.exports["setTime"](time);
        as.exports["begin"](format, 1, 0, 1000n);
        const lines = ask(
          `GET /${target} HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: ${agent}\r\nReferer: ${referer}\r\nConnection: close\r\n\r\n`,
        );
        expect(lines.length).toBe(1);
        expect(lines[0]).toMatch(/^[ -~]*$/);
        if (format === JSON_LINES) JSON.parse(lines[0]!);
        else expect(lines[0]!.split('"').length).toBe(format === COMMON ? 3 : 7);
      },
    ),
    { numRuns: 1000 },
  );
});

test("too many are counted, and the next line says how many", () => {
  as.exports["begin"](COMMON, 1, 0, 3n);
  for (let n = 0; n < 10; n++) get("/hello");
  expect(said.split("\r\n").length - 1).toBe(3);
  said = "";
  as.exports["setTime"](time + 1_000_000_000n);
  expect(get("/hello")).toEqual([
    "7 requests before this one are not written down: there were too many",
    `127.0.0.1 - - ${clock} "GET /hello HTTP/1.1" 200 6`,
  ]);
});

test("one of so many, or only what has failed", () => {
  as.exports["begin"](COMMON, 3, 0, 1000n);
  for (let n = 0; n < 9; n++) get("/hello");
  expect(said.split("\r\n").length - 1).toBe(3);
  said = "";
  as.exports["begin"](COMMON, 1, 400, 1000n);
  get("/hello");
  get("/none");
  expect(said.split("\r\n").length - 1).toBe(1);
});
