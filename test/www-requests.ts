/** What `examples/www` is asked by `curl` on every target, and what it has to say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

export interface Asked {
  /** What curl said, and behind that what it put into its folder. */
  readonly answer: Buffer;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface Request {
  readonly what: string;
  /** For `curl`; `SITE` is where the site is, and `FOLDER` an empty folder. No word has a blank in it. */
  readonly words: readonly string[];
  readonly check: (asked: Asked) => void;
}

const file = (path: string): Buffer => readFileSync(join("examples/www/public", path));
const is = (what: string, path: string, ...words: readonly string[]): Request => ({
  what,
  words,
  check: ({ answer }) => expect(answer).toEqual(file(path)),
});
const to = (path: string, answer: string, ...words: readonly string[]): Request => ({
  what: `${path}: ${answer}`,
  words: ["-o", "/dev/null", "-w", "%{http_code},%header{location}", ...words, `SITE${path}`],
  check: (asked) => expect(String(asked.answer)).toBe(answer),
});
const sheet = "SITE/assets/site.css";

export const requests: readonly Request[] = [
  is("a file as it is", "index.html", "SITE/"),
  is("the smaller form", "assets/site.css", "--compressed", sheet),
  is("gzip", "atom.xml", "--compressed", "-H", "Accept-Encoding:gzip", "SITE/atom.xml"),
  {
    what: "a part",
    words: ["-r", "100-199", "SITE/assets/icon.svg"],
    check: ({ answer }) => expect(answer).toEqual(file("assets/icon.svg").subarray(100, 200)),
  },
  {
    what: "what the description says of the answer, and what day it is",
    words: ["-I", sheet],
    check: ({ answer, time }) => {
      const head = String(answer);
      expect(head).toMatch(/^HTTP\/1\.1 200 OK\r$/m);
      expect(head).toMatch(/^Cache-Control: public, max-age=31536000, immutable\r$/m);
      expect(head).toMatch(/^X-Content-Type-Options: nosniff\r$/m);
      const date = /^Date: (.*)\r$/m.exec(head)?.[1] ?? "";
      expect(Math.abs(Date.parse(date) - time)).toBeLessThan(60_000);
    },
  },
  {
    what: "nothing, if it is known already",
    words: [
      ...["--etag-save", "FOLDER/tag", "-o", "/dev/null", sheet],
      ...["--next", "-sS", "-i", "--etag-compare", "FOLDER/tag", sheet],
    ],
    check: ({ answer }) => expect(String(answer)).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n[\s\S]*\r\n\r\n/),
  },
  to("/2026/11/hello/", "301,/posts/hello/"),
  to("/posts/hello", "301,/posts/hello/"),
  to("/x?y=1", "308,http://www.example.com/x", "-H", "Host:example.com"),
  to("/nothing", "404,"),
  is("an error page", "404.html", "SITE/nothing"),
];

/**
 * For networks that take thirty connections in the same millisecond. QEMU's own does not: of those that nobody has accepted yet it keeps one, and all others
 * are tried again after a second.
 */
export const atOnce: Request = {
  what: "thirty connections at once",
  words: ["-Z", "--parallel-immediate", "-o", "FOLDER/#1", "SITE/posts/numbers/?[10-39]"],
  check: ({ answer }) => {
    const one = file("posts/numbers/index.html");
    expect(answer).toEqual(Buffer.concat(Array.from({ length: 30 }, () => one)));
  },
};
