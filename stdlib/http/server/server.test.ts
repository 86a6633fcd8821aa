import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { attacks, sound } from "#tools/http-requests";
import { type AsInstance, loadAs } from "#tools/load-as";
import { Compressed } from "../../../compiler/assemble/compress.ts";

const PAGE = `<!doctype html><title>Hi</title>${"<p>hello, hello, hello</p>".repeat(40)}\n`;
const MODIFIED = 784_111_777;

let as: AsInstance;
let bodies: Uint8Array[];
const packed = new Compressed();
let time = 1_000_000_000n;

const hash = (digit: string): string => digit.repeat(64);

beforeAll(async () => {
  bodies = [];
  const page = Buffer.from(PAGE);
  packed.of(page, "gzip");
  packed.of(page, "br");
  await packed.settle();
  as = await loadAs(
    {
      entry: "stdlib/http/testing/server.ts",
      needs: {
        "stdlib/http": {
          clock: "stdlib/net/simulation/clock",
          wall: "stdlib/net/simulation/wall",
          log: "",
          random: "",
          outputs: "",
        },
      },
      parts: { "stdlib/http": { access: false, remote: false, json: false, auth: false, action: false } },
    },
    {
      prepare: {
        compress: (index: number, coding: number) =>
          bodies.push(packed.of(bodies[index]!, as.text(coding) === "br" ? "br" : "gzip")) - 1,
        fileSize: (index: number) => bodies[index]!.length,
        fileCopy: (index: number, to: number) => as.view(to, bodies[index]!.length).set(bodies[index]!),
      },
    },
  );
  const { exports: e } = as;
  const s = (text: string): number => as.string(text);
  const file = (path: string, media: string, digit: string, body: string): void => {
    e["addFile"](
      s(path),
      s(media),
      s(hash(digit)),
      s(body),
      bodies.push(body === PAGE ? page : Buffer.from(body)) - 1,
    );
  };
  e["beginSites"](1, 1);
  e["beginSite"](s("www.example.com"));
  e["setHeader"](s("*"), s("X-Content-Type-Options"), s("nosniff"));
  e["setHeader"](s("/assets/**"), s("Cache-Control"), s("public, max-age=31536000, immutable"));
  e["addRedirect"](s("/feed"), 0, s("/atom.xml"), 301);
  e["addRedirect"](s("/blog/{slug}"), 0, s("/posts/{slug}/"), 301);
  e["addRedirect"](s("^/(\\d{4})/(\\d{2})/(.+)$"), 1, s("https://{host}/posts/{3}?{query}"), 302);
  e["addReply"](s("/health"), 200, s("ok"));
  e["addReply"](s("/api/**"), 503, s("later\n"));
  file("index.html", "text/html", "a", PAGE);
  file("about.html", "text/html", "b", "about\n");
  file("404.html", "text/html", "c", "nothing here\n");
  file("assets/a b.css", "text/css", "d", "a {}\n");
  file("assets/logo.png", "image/png", "e", "0123456789");
  file("docs/index.html", "text/html", "f", "docs\n");
  file("docs/deep/x.txt", "text/plain", "1", "x\n");
  file(".git/config", "text/plain", "2", "secret\n");
  file("feed", "text/plain", "3", "never shown\n");
  e["addFolder"](s("/"), s("404.html"), BigInt(MODIFIED));
  e["beginSite"](s("apex.example.com"));
  e["addRedirect"](s("/**"), 0, s("https://www.example.com{path}"), 308);
  e["finishSites"](8, 2);
});

beforeEach(() => {
  time += 1_000_000_000_000n;
  as.exports["setTime"](time);
});

/** What comes back when these bytes come in on a new connection, in pieces that end at these places. */
function exchange(text: string, ends: readonly number[] = [], client = 1n): string {
  as.exports["connect"](client);
  const said = talk(text, ends);
  as.exports["endIt"]();
  return said;
}

function talk(text: string, ends: readonly number[] = []): string {
  const bytes = Buffer.from(text, "latin1");
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    if (end <= from) continue;
    as.exports["arrive"](from, end - from);
    from = end;
  }
  return sent();
}

function sent(): string {
  return Buffer.from(as.view(as.exports["outputAt"](), as.exports["taken"]())).toString("latin1");
}

interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

function read(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [first, ...lines] = text.slice(0, end).split("\r\n");
  const fields = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
  expect(Object.keys(fields).length).toBe(lines.length);
  return { status: Number(first!.split(" ")[1]), fields, body: text.slice(end + 4) };
}

function get(path: string, more = "", method = "GET", host = "www.example.com"): Answer {
  const answer = read(exchange(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`));
  const { fields, body, status } = answer;
  // RFC 9110 8.6, for all answers: the length is that of the body, which HEAD, 204 and 304 do not have.
  if (method === "HEAD") expect(body).toBe("");
  else if (status === 204 || status === 304)
    expect([fields["content-length"], body]).toEqual([undefined, ""]);
  else expect(fields["content-length"]).toBe(String(body.length));
  return answer;
}

test("a file with all its fields", () => {
  expect(exchange("GET /about.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n").split("\r\n")).toEqual([
    "HTTP/1.1 200 OK",
    `ETag: "${"b".repeat(32)}"`,
    "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
    "X-Content-Type-Options: nosniff",
    "Accept-Ranges: bytes",
    "Content-Type: text/html; charset=utf-8",
    "Content-Length: 6",
    "",
    "about\n",
  ]);
});

test.each([
  ["a folder is its index", "/", PAGE],
  ["a folder below", "/docs/", "docs\n"],
  ["a name without .html", "/about", "about\n"],
  ["an escape that is not needed", "/%61bout", "about\n"],
  ["an escape that is needed", "/assets/a%20b.css", "a {}\n"],
  ["a query is of no matter", "/about?x=1", "about\n"],
  ["the absolute form", "http://www.example.com/about", "about\n"],
  ["a fixed answer", "/health", "ok"],
])("%s", (_, path, body) => {
  expect(get(path)).toMatchObject({ status: 200, body });
});

test.each([
  ["an unknown path", "/nothing", 404, "nothing here\n"],
  ["a hidden file", "/.git/config", 404, "nothing here\n"],
  ["two points", "/docs/../about.html", 404, "nothing here\n"],
  ["two points in escapes", "/docs/%2e%2e/about.html", 404, "nothing here\n"],
  ["an escaped slash is no slash", "/docs%2findex.html", 404, "nothing here\n"],
  ["other letters are another path", "/ABOUT", 404, "nothing here\n"],
  ["a folder without an index", "/assets/", 404, "nothing here\n"],
  ["a fixed answer below a path", "/api/x/y", 503, "later\n"],
])("%s", (_, path, status, body) => {
  expect(get(path)).toMatchObject({ status, body });
});

test.each([
  ["a folder without its slash", "/docs", 301, "/docs/"],
  ["and its query", "/docs?a=b", 301, "/docs/?a=b"],
  ["a path, though there is a file", "/feed", 301, "/atom.xml"],
  ["what a pattern catches", "/blog/hello", 301, "/posts/hello/"],
  [
    "what an expression catches, host and query",
    "/2024/05/a/b?c=d",
    302,
    "https://www.example.com/posts/a/b?c=d",
  ],
])("a redirect of %s", (_, path, status, location) => {
  expect(get(path)).toMatchObject({ status, fields: { location, "x-content-type-options": "nosniff" } });
});

test("which site is asked: RFC 9110 7.4", () => {
  expect(get("/a?b", "", "GET", "APEX.example.com.:80").fields["location"]).toBe("https://www.example.com/a");
  expect(get("/", "", "GET", "other.example").status).toBe(421);
});

test("fields for some paths", () => {
  expect(get("/assets/logo.png").fields["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(get("/about").fields["cache-control"]).toBe(undefined);
});

test("methods: RFC 9110 9.1, 9.3.7", () => {
  expect(get("/", "", "HEAD")).toMatchObject({
    status: 200,
    fields: { "content-length": String(PAGE.length) },
  });
  expect(get("/", "", "OPTIONS")).toMatchObject({ status: 204, fields: { allow: "GET, HEAD, OPTIONS" } });
  expect(get("*", "", "OPTIONS")).toMatchObject({ status: 204 });
  expect(get("/", "", "POST")).toMatchObject({ status: 405, fields: { allow: "GET, HEAD, OPTIONS" } });
  expect(get("/", "", "BREW").status).toBe(501);
  expect(get("/", "Expect: tea\r\n").status).toBe(417);
});

test("smaller forms, with tags of their own: RFC 9110 12.5.3, 8.8.3.3", () => {
  const plain = get("/");
  const gzip = get("/", "Accept-Encoding: gzip\r\n");
  const br = get("/", "Accept-Encoding: gzip, br\r\n");
  expect([plain, gzip, br].map(({ fields }) => fields["content-encoding"])).toEqual([
    undefined,
    "gzip",
    "br",
  ]);
  expect([plain, gzip, br].map(({ fields }) => fields["vary"])).toEqual(Array(3).fill("Accept-Encoding"));
  expect(new Set([plain, gzip, br].map(({ fields }) => fields["etag"])).size).toBe(3);
  expect(gunzipSync(Buffer.from(gzip.body, "latin1")).toString()).toBe(PAGE);
  expect(gzip.body.length).toBeLessThan(plain.body.length);
  // What does not become smaller has one form only.
  expect(get("/about", "Accept-Encoding: gzip, br\r\n").fields).not.toHaveProperty("vary");
});

test("304 has the fields of 200 that RFC 9110 15.4.5 names, and no content", () => {
  const { fields } = get("/", "Accept-Encoding: gzip\r\n");
  const again = get("/", `Accept-Encoding: gzip\r\nIf-None-Match: ${fields["etag"]}\r\n`);
  expect(again.status).toBe(304);
  for (const name of ["etag", "vary", "last-modified", "x-content-type-options"])
    expect(again.fields[name]).toBe(fields[name]);
  for (const name of ["content-type", "content-encoding", "content-length", "accept-ranges"])
    expect(again.fields).not.toHaveProperty(name);
  expect(get("/", `If-None-Match: ${fields["etag"]}\r\n`).status).toBe(200);
});

test("one part: RFC 9110 15.3.7.1", () => {
  expect(get("/assets/logo.png", "Range: bytes=2-4\r\n")).toMatchObject({
    status: 206,
    fields: { "content-range": "bytes 2-4/10", "content-type": "image/png", etag: `"${"e".repeat(32)}"` },
    body: "234",
  });
});

test("several parts: RFC 9110 15.3.7.2, 14.6", () => {
  const mark = "e".repeat(32);
  const answer = get("/assets/logo.png", "Range: bytes=0-0,-2\r\n");
  expect(answer).toMatchObject({
    status: 206,
    fields: { "content-type": `multipart/byteranges; boundary=${mark}` },
  });
  expect(answer.fields).not.toHaveProperty("content-range");
  expect(answer.body).toBe(
    [
      `--${mark}`,
      "Content-Type: image/png",
      "Content-Range: bytes 0-0/10",
      "",
      "0",
      `--${mark}`,
      "Content-Type: image/png",
      "Content-Range: bytes 8-9/10",
      "",
      "89",
      `--${mark}--`,
      "",
    ].join("\r\n"),
  );
});

test("no part: RFC 9110 15.5.17", () => {
  expect(get("/assets/logo.png", "Range: bytes=10-\r\n")).toMatchObject({
    status: 416,
    fields: { "content-range": "bytes */10" },
  });
});

test("Date is told when the time is known: RFC 9110 6.6.1", () => {
  expect(get("/about").fields).not.toHaveProperty("date");
  as.exports["setDate"](BigInt(MODIFIED) * 1_000_000_000n);
  expect(get("/about").fields["date"]).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
  as.exports["setTime"](time + 999_999_999n);
  expect(get("/about").fields["date"]).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
  as.exports["setDate"](0n);
  expect(get("/about").fields).not.toHaveProperty("date");
});

test("connections are kept: RFC 9112 9.3", () => {
  expect(get("/about").fields).not.toHaveProperty("connection");
  expect(get("/about", "Connection: close\r\n").fields["connection"]).toBe("close");
  expect(read(exchange("GET /about HTTP/1.0\r\nHost: www.example.com\r\n\r\n")).fields["connection"]).toBe(
    "close",
  );
  const kept = exchange("GET /about HTTP/1.0\r\nHost: www.example.com\r\nConnection: keep-alive\r\n\r\n");
  expect(read(kept).fields["connection"]).toBe("keep-alive");
});

const one = (path: string, more = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: www.example.com\r\n${more}\r\n`;
const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code!);

test("RFC 9112 9.3.2: requests that come together are answered in order", () => {
  expect(statuses(exchange(one("/about") + one("/nothing") + one("/feed")))).toEqual(["200", "404", "301"]);
});

test("nothing behind `Connection: close` is answered: RFC 9112 9.6", () => {
  expect(statuses(exchange(one("/about", "Connection: close\r\n") + one("/feed")))).toEqual(["200"]);
});

test("bodies are dropped up to the limit, and what comes behind is answered", () => {
  const post = (length: number): string =>
    `POST / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length)}`;
  expect(statuses(exchange(post(64) + one("/about")))).toEqual(["405", "200"]);
  expect(statuses(exchange(post(65) + one("/about")))).toEqual(["405"]);
  expect(statuses(exchange(`GET / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 65\r\n\r\n`))).toEqual(
    ["413"],
  );
});

test("answers wait for room, whole or in parts, and then go on", () => {
  const texts = [one("/assets/logo.png", "Range: bytes=0-0,-2\r\n") + one("/about"), one("/") + one("/feed")];
  for (const text of texts) {
    const expected = exchange(text);
    as.exports["connect"](1n);
    as.exports["setRoom"](1, 0);
    let said = talk(text);
    for (let n = 0; n < 20; n++) {
      as.exports["setRoom"](1, 0);
      said += sent();
    }
    expect(said).toBe(expected);
    as.exports["endIt"]();
  }
});

test("however bytes are split, the same is answered", () => {
  const samples = [
    ...sound.map(([, text]) => text),
    ...attacks.map(([, , text]) => text),
    one("/"),
    one("/docs"),
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...samples), { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (texts, cuts) => {
        const text = texts.join("");
        const ends = cuts.map((cut) => cut % text.length).toSorted((a, b) => a - b);
        expect(exchange(text, ends)).toBe(exchange(text));
      },
    ),
    { numRuns: 1000 },
  );
  expect(as.exports["connections"]()).toBe(0);
});

test("time: nothing for 30 s, and half a request for 10 s", () => {
  as.exports["connect"](1n);
  as.exports["setTime"](time + 29_000_000_000n);
  expect(as.exports["isClosed"]()).toBe(0);
  as.exports["setTime"](time + 31_000_000_000n);
  expect([as.exports["isClosed"](), sent()]).toEqual([1, ""]);
  as.exports["setTime"](time + 40_000_000_000n);
  expect([as.exports["isAborted"](), as.exports["connections"]()]).toEqual([1, 0]);

  as.exports["connect"](1n);
  talk("GET / HT");
  as.exports["setTime"](time + 51_000_000_000n);
  expect(read(sent())).toMatchObject({ status: 408, fields: { connection: "close" } });
  as.exports["setTime"](time + 60_000_000_000n);
  expect(as.exports["connections"]()).toBe(0);
});

test("too many connections: who is missed least makes room, and if nobody does 503 says when to come again", () => {
  const connect = (says: string): void => {
    expect(as.exports["connect"](1n)).toBe(1);
    as.exports["setRoom"](1);
    talk(says);
  };
  for (let n = 0; n < 8; n++) connect("GET / HT");
  expect(read(exchange(one("/about")))).toMatchObject({ status: 200 });
  // In the place of seven slow requests, and of the eighth, come eight answers that find no room.
  for (let n = 0; n < 8; n++) connect(one("/about"));
  const answer = read(exchange(one("/about")));
  expect(answer).toMatchObject({ status: 503, fields: { "retry-after": "1", connection: "close" } });
  expect(as.exports["connections"]()).toBe(8);
  // Nothing was taken of them for a second.
  as.exports["setTime"](time + 1_000_000_000n);
  expect(read(exchange(one("/about")))).toMatchObject({ status: 200 });
  as.exports["setTime"](time + 200_000_000_000n);
  as.exports["setTime"](time + 400_000_000_000n);
  expect(as.exports["connections"]()).toBe(0);
});

test("one client asks too often: 429, and others are not concerned", () => {
  as.exports["limitClients"](3n);
  const many = exchange(one("/about").repeat(5), [], 7n);
  expect(statuses(many)).toEqual(["200", "200", "200", "429"]);
  expect(statuses(exchange(one("/about"), [], 8n))).toEqual(["200"]);
  as.exports["setTime"](time + 1_000_000_000n);
  expect(statuses(exchange(one("/about"), [], 7n))).toEqual(["200"]);
});
