/** The endpoint by itself: what it answers, and to whom. That other programs read it is asked in `test/operations.test.ts`. */
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

let as: AsInstance;
let now = 1_000_000_000n;
const HOME = 0x7f000001n;

beforeAll(async () => {
  as = await loadAs({
    entry: "stdlib/metrics/testing/index.ts",
    needs: { "stdlib/metrics": { clock: "stdlib/net/simulation/clock" } },
    files: { "stdlib/metrics/told.ts": 'export { health } from "./testing/index";\n' },
  });
  as.exports["begin"](2);
});

beforeEach(() => {
  now += 1_000_000_000_000n;
  as.exports["setTime"](now);
  as.exports["restart"]();
  as.exports["setWell"](1);
});

function exchange(request: string, ends: readonly number[] = [], client = HOME): string {
  expect(as.exports["connect"](client)).toBe(1);
  say(request, ends);
  const { outputAt, taken, endIt } = as.exports;
  const said = Buffer.from(as.view(outputAt(), taken())).toString("latin1");
  endIt();
  return said;
}

function say(request: string, ends: readonly number[] = []): void {
  const bytes = Buffer.from(request, "latin1");
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    as.exports["arrive"](from, end - from);
    from = end;
  }
}

const get = (path: string, more = "", client = HOME): string =>
  exchange(`GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`, [], client);
const statusOf = (answer: string): string => answer.slice(9, 12);
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

test("families are in order of their names, each in one piece, however many tell of it", () => {
  const [about, rest] = bodyOf(get("/metrics")).split("} 1\n");
  expect(about).toMatch(
    /^# HELP appl_build_info .*\n# TYPE appl_build_info gauge\nappl_build_info\{appliance="0+",contents="sha256:0{64}"$/,
  );
  expect(rest).toBe(`# HELP appl_test_age_seconds How old it is.
# TYPE appl_test_age_seconds gauge
appl_test_age_seconds 12.034
# HELP appl_test_drops_total What was dropped.
# TYPE appl_test_drops_total counter
appl_test_drops_total{reason="a"} 3
appl_test_drops_total{reason="b"} 18446744073709551615
`);
});

test("OpenMetrics has other heads of families, units, and an end", () => {
  const answer = get("/metrics", "Accept: application/openmetrics-text\r\n");
  expect(answer).toContain(
    "\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n",
  );
  expect(
    bodyOf(answer).slice(bodyOf(answer).indexOf("} 1\n") + 4),
  ).toBe(`# HELP appl_test_age_seconds How old it is.
# TYPE appl_test_age_seconds gauge
# UNIT appl_test_age_seconds seconds
appl_test_age_seconds 12.034
# HELP appl_test_drops What was dropped.
# TYPE appl_test_drops counter
appl_test_drops_total{reason="a"} 3
appl_test_drops_total{reason="b"} 18446744073709551615
# EOF
`);
});

test.each([
  ["", false],
  ["*/*", false],
  ["text/plain", false],
  ["application/openmetrics-text;version=1.0.0", true],
  ["application/openmetrics-text;version=1.0.0;q=0.6, text/plain;q=0.3, */*;q=0.2", true],
  ["text/plain;version=0.0.4;q=1, application/openmetrics-text;q=0.9", false],
  ["application/openmetrics-text;q=0, */*", false],
  ["text/html, Application/OpenMetrics-Text ; q=0.050 , */*;q=0.05", true],
  ["application/openmetrics-texts", false],
  [";;,,q=,;q=x,;q=", false],
])("to `Accept: %s` the answer is in OpenMetrics: %s", (accept, isOpen) => {
  expect(get("/metrics", `Accept: ${accept}\r\n`).includes("# EOF")).toBe(isOpen);
});

test("health is 200 while nobody says a reason, and 503 with all reasons else", () => {
  expect([statusOf(get("/healthz")), bodyOf(get("/healthz?x"))]).toEqual(["200", "ok\n"]);
  as.exports["setWell"](0);
  const answer = get("/healthz");
  expect([statusOf(answer), bodyOf(answer)]).toEqual(["503", "eth0: the link is down for 7\n"]);
});

test.each([
  ["another path", "GET /metric HTTP/1.1\r\n\r\n", "404"],
  ["another method", "POST /metrics HTTP/1.1\r\n\r\n", "405"],
  ["another version", "GET /metrics HTTP/2.0\r\n\r\n", "400"],
  ["no version", "GET /metrics\r\n\r\n", "400"],
  ["no target", "GET  HTTP/1.1\r\n\r\n", "404"],
  ["a folded line", "GET /metrics HTTP/1.1\r\nAccept: a\r\n text/plain\r\n\r\n", "400"],
  ["a blank in a name", "GET /metrics HTTP/1.1\r\nAccept : a\r\n\r\n", "400"],
  ["a line without a name", "GET /metrics HTTP/1.1\r\n: a\r\n\r\n", "400"],
  ["a head without an end", `GET /metrics HTTP/1.1\r\nA: ${"a".repeat(3000)}`, "431"],
])("%s is refused", (_what, request, status) => {
  const answer = exchange(request);
  expect(statusOf(answer)).toBe(status);
  expect(answer).toContain("Connection: close");
});

test("HEAD has the fields of GET and no body", () => {
  const answer = exchange("HEAD /healthz HTTP/1.1\r\n\r\n");
  expect([statusOf(answer), bodyOf(answer)]).toEqual(["200", ""]);
  expect(answer).toContain("Content-Length: 3\r\n");
});

test("who is in none of the networks learns nothing", () => {
  expect(statusOf(get("/metrics", "", 0x08080808n))).toBe("403");
  expect(statusOf(get("/healthz", "", 0x80000001n))).toBe("403");
});

test("a request in any pieces is the same request, and a second one behind it is not answered", () => {
  const request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  const whole = exchange(request);
  for (let end = 1; end < request.length; end++) expect(exchange(request, [end])).toBe(whole);
  expect(exchange(request + request)).toBe(whole);
});

test("who dawdles is cut off after ten seconds, and makes room for others before that", () => {
  const { connect, isAborted, setTime, deadline } = as.exports;
  connect(HOME);
  say("GET /metr");
  expect(deadline()).toBe(now + 10_000_000_000n);
  setTime(now + 9_999_999_999n);
  expect(isAborted()).toBe(0);
  setTime(now + 10_000_000_000n);
  expect(isAborted()).toBe(1);
  for (let n = 0; n < 10; n++) expect(connect(HOME)).toBe(1);
});

test("no bytes make it trap, and every answer is whole", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "GET ",
      "/metrics",
      "/healthz",
      " HTTP/1.1",
      "\r\n",
      "\r\n\r\n",
      "Accept: ",
      "text/plain;q=",
      "application/openmetrics-text",
      ",",
      ":",
      ";q=0.",
      "\r",
      "\n",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const answer = exchange(`${pieces.join("").replaceAll(/[^\0-\xff]/g, "")}\r\n\r\n`);
      const length = Number(/Content-Length: (\d+)/.exec(answer)?.[1]);
      const isHead = pieces.join("").startsWith("HEAD");
      expect(isHead || bodyOf(answer).length === length).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
