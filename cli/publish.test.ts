import { expect, test } from "vitest";
import { parsePublication } from "./publish.ts";

test.each([
  ["5353:53/udp", { address: "127.0.0.1", host: 5353, guest: 53, protocol: "udp" }],
  ["8080:80", { address: "127.0.0.1", host: 8080, guest: 80, protocol: "tcp" }],
  ["0.0.0.0:53:53/udp", { address: "0.0.0.0", host: 53, guest: 53, protocol: "udp" }],
])("reads %s", (text, publication) => {
  expect(parsePublication(text)).toEqual(publication);
});

test.each(["", "53", "0:53/udp", "70000:53", "1:2/sctp", "300.0.0.1:1:2", "a:b"])("refuses %j", (text) => {
  expect(parsePublication(text)).toBeUndefined();
});
