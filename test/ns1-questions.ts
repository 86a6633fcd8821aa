/** What `examples/ns1` is asked by `dig` on every target, and what it has to say. */
import { expect } from "vitest";

export interface Question {
  readonly what: string;
  /** For `dig`, beside the server. */
  readonly words: readonly string[];
  readonly check: (said: string) => void;
}

const short: readonly (readonly [question: string, answer: string])[] = [
  ["www.example.com A", "192.0.2.80"],
  ["www.example.com AAAA", "2001:db8:53::80"],
  ["example.com MX", "10 mail.example.com."],
  ["www.example.org A", "example.org.\n192.0.2.80"],
  ["anything.dyn.example.org A", "192.0.2.99"],
  ["_sip._tcp.example.org SRV", "0 5 5060 sip.example.org."],
  ["example.org TXT", '"v=spf1 mx -all"'],
];

const hundred = Array.from({ length: 100 }, (_, n) => `h${n}.dyn.example.org`);

export const questions: readonly Question[] = [
  ...short.map(([question, answer]) => ({
    what: question,
    words: ["+short", ...question.split(" ")],
    check: (said: string) => expect(said.trim()).toBe(answer),
  })),
  {
    what: "NXDOMAIN with the SOA",
    words: ["missing.example.com", "A"],
    check: (said) => {
      expect(said).toContain("status: NXDOMAIN");
      expect(said).toMatch(/^example\.com\.\s+300\s+IN\s+SOA\s+ns1\.example\.com\./m);
    },
  },
  {
    what: "REFUSED for what is not served",
    words: ["example.net", "A"],
    check: (said) => expect(said).toContain("status: REFUSED"),
  },
  {
    what: "a delegation with the servers below and their glue",
    words: ["host.dev.example.org", "A"],
    check: (said) => {
      expect(said).toMatch(/^dev\.example\.org\..*NS\s+ns1\.dev\.example\.org\./m);
      expect(said).toMatch(/^ns1\.dev\.example\.org\..*A\s+192\.0\.2\.70/m);
    },
  },
  {
    what: "a hundred questions at once",
    words: ["+short", ...hundred],
    check: (said) => expect(said.trim().split("\n")).toEqual(hundred.map(() => "192.0.2.99")),
  },
];
