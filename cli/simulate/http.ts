/** `curl URL`: a request of HTTP/1.1 on a connection of its own, and what comes back. RFC 9112. */
import { parseIp } from "#lang";
import type { Said } from "./kinds.ts";
import { Unclear } from "./unclear.ts";

interface Request {
  readonly whom: string | undefined;
  /** Of the URL. */
  readonly host: string;
  readonly port: number;
  readonly isHead: boolean;
  /** What is sent to this address. */
  bytes(to: string): Uint8Array;
}

/** `[-I] [-X METHOD] [-u USER:PASSWORD] URL [@WHOM]`. Without `@WHOM` it goes to the URL's host if that is an address; a path alone is asked of whoever is there. */
export function httpRequest(text: string, words: readonly string[]): Request {
  const server = words.find((word) => word.startsWith("@"));
  const isHead = words.includes("-I") || words.includes("--head");
  const behind = (option: string) => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at + 1];
  };
  const method = behind("-X") ?? (isHead ? "HEAD" : "GET");
  const user = behind("-u");
  const own = [
    server,
    "-I",
    "--head",
    ...(method === "GET" ? [] : ["-X", method]),
    ...(user ? ["-u", user] : []),
  ];
  const [url, ...more] = words.filter((word) => !own.includes(word));
  const credentials = user === undefined ? "" : `Authorization: Basic ${base64(user)}\r\n`;
  const length = method === "POST" || method === "PUT" ? "Content-Length: 0\r\n" : "";
  if (url === undefined || more.length > 0 || url.startsWith("-"))
    throw new Unclear(
      `\`${text}\` is no question for a web server`,
      "for example `curl /`, `curl -I http://www.example.com/feed @www`; options: -4, -6, -I, -X METHOD, -u USER:PASSWORD",
    );
  if (url.startsWith("https:"))
    throw new Unclear(`\`${text}\`: the client speaks no TLS`, "ask over http://");
  const [, host, port = "80", path = ""] =
    /^(?:http:\/\/)?(\[[0-9A-Fa-f:.]+\]|[^/:?#[\]]*)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/.exec(url) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new Unclear(`\`${text}\`: \`${url}\` is no URL`, "for example http://www.example.com/feed");
  const bare = host.replace(/^\[|\]$/g, "");
  const whom = server?.slice(1) ?? (parseIp(bare).ok ? bare : undefined);
  const target = path.startsWith("/") ? path : `/${path}`;
  const authority = (to: string) =>
    `${host === "" ? (to.includes(":") ? `[${to}]` : to) : host}${port === "80" ? "" : `:${port}`}`;
  return {
    whom,
    host,
    port: Number(port),
    isHead,
    bytes: (to) =>
      new TextEncoder().encode(
        `${method} ${target} HTTP/1.1\r\nHost: ${authority(to)}\r\nUser-Agent: appl\r\nAccept: */*\r\n${credentials}${length}Connection: close\r\n\r\n`,
      ),
  };
}

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));

interface Response {
  /** `200 OK` */
  readonly status: string;
  /** By their names in small letters. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

function parse(answer: Uint8Array): Response | undefined {
  // A code unit is a byte.
  const text = Array.from(answer.subarray(0, 65_536), (byte) => String.fromCharCode(byte)).join("");
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\r\n");
  const [, status] = /^HTTP\/1\.[01] (\d{3}.*)$/.exec(first) ?? [];
  if (status === undefined) return undefined;
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status, fields: new Map(fields), body: answer.subarray(end + 4) };
}

/** Whether nothing is missing at its end: RFC 9112 6.3. */
export function isWholeResponse(answer: Uint8Array, isHead: boolean): boolean {
  const response = parse(answer);
  if (response === undefined) return false;
  const hasNone = isHead || /^(?:204|304)/.test(response.status);
  const length = hasNone ? undefined : response.fields.get("content-length");
  return length === undefined || response.body.length === Number(length);
}

/** `200 OK, text/html, 1234 bytes`, or where it leads to. */
export function readResponse(answer: Uint8Array): Said | undefined {
  const response = parse(answer);
  if (response === undefined) return undefined;
  const { status, fields, body } = response;
  const more = fields.get("location") ?? fields.get("content-type");
  const line = [status, ...(more === undefined ? [] : [more]), `${body.length} bytes`].join(", ");
  return { whole: new TextDecoder().decode(answer), line };
}
