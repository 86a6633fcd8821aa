/** What `dns-pair-asked.sh` says of both servers of `examples/dns` when they work together. */
import { expect } from "vitest";

export function expectPair(said: readonly string[], errors: string): void {
  expect(said.slice(0, 6), errors).toEqual([
    "before: status: SERVFAIL",
    "forward: 192.0.2.80",
    "reverse: ns1.example.com.",
    "serials: 1",
    "reverse of the office only: status: REFUSED",
    "copy for a stranger: 1",
  ]);
  expect(said.join("\n")).toMatch(/dns: example\.com: serial \d+ from 192\.0\.2\.53, 16 names, /);
}
