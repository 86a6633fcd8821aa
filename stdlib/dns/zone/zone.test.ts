import { expect, test } from "vitest";
import { dnsInstance, message, wireName } from "#tools/dns-oracle/index";

/** The zones of `testing/inline.ts` as zone files. */
const FILES = {
  "example.com": `$TTL 1h
@ SOA ns1 host\\.master 2026112101 2h 15m 2w 5m
@ NS ns1
@ NS ns2.example.net.
blog CNAME www
docs CNAME pages.example.org.
@ A 192.0.2.80
@ MX 10 mail
@ MX 20 mx.example.net.
@ TXT "v=spf1 -all"
@ TXT "\\195\\188"
@ TXT ( "${"x".repeat(255)}" "${"x".repeat(255)}" "${"x".repeat(90)}" )
@ CAA 128 issue "ca.example.net"
www 300 A 192.0.2.81
www 300 A 192.0.2.82
www 300 HTTPS 1 . mandatory=alpn,port alpn=h2,h3 port=8443 ipv4hint=192.0.2.81
dev NS ns.dev.com
dev NS ns.example.net.
dev DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
old DNAME new.example.net.
sip A 192.0.2.60
sip SSHFP 4 2 00ff
sip NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
_sip._tcp.sip SRV 0 5 5060 sip
_443._tcp.sip TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ns1 A 10.0.2.15
mail A 192.0.2.25
*.wild A 192.0.2.90
other SVCB 0 www
other LOC 52 22 23.000 N 4 53 32.000 E -2.00m
other TYPE65280 \\# 2 0a0b
other URI 10 1 "https://example.com/"
other RP admin txt.example.net.
ns.dev.com A 192.0.2.91
`,
  "2.0.192.in-addr.arpa": `$TTL 1d
@ SOA ns1.example.com. host\\.master.example.com. 2026112101 2h 15m 2w 5m
@ NS ns1.example.com.
25 PTR mail.example.com.
80 PTR localhost.
`,
};
const TYPES = [1, 2, 5, 6, 12, 15, 16, 29, 33, 35, 39, 43, 44, 52, 64, 65, 256, 257, 17, 65280, 255];

test("a zone written in the description gives the same answers as the same zone in a file", async () => {
  const described = await dnsInstance([], { inline: true });
  const read = await dnsInstance(
    Object.entries(FILES).map(([name, text]) => ({ name, text: Buffer.from(text) })),
  );
  expect(described.said).toEqual([]);
  expect(read.said).toEqual([]);
  const names = Object.entries(FILES).flatMap(([zone, text]) =>
    [...new Set(text.match(/^[^\s$;]+/gm))].flatMap((owner) => {
      const name = owner === "@" ? `${zone}.` : `${owner}.${zone}.`;
      return [name, `x.${name}`];
    }),
  );
  expect(names.length).toBeGreaterThan(30);
  for (const name of names) {
    for (const type of TYPES) {
      const query = message(wireName(name), type, { edns: { size: 1232 } });
      expect(Buffer.from(described.ask(query)!).toString("hex"), `${name} ${type}`).toBe(
        Buffer.from(read.ask(query)!).toString("hex"),
      );
    }
  }
});

test("a hundred thousand records take less than 200 bytes each, and look-ups find every one", async () => {
  const COUNT = 100_000;
  const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  const lines = Array.from({ length: COUNT }, (_, n) => `host${n} A ${address(n)}`);
  const text = `$TTL 1h\n@ SOA ns root 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n${lines.join("\n")}\n`;
  const dns = await dnsInstance([{ name: "example.com", text: Buffer.from(text) }]);
  expect(dns.said).toEqual([]);
  expect(dns.tableSize / COUNT).toBeLessThan(200);
  for (let n = 0; n < COUNT; n += 37) {
    const reply = dns.ask(message(wireName(`host${n}.example.com.`), 1, {}))!;
    expect([...reply.subarray(-4)].join(".")).toBe(address(n));
  }
});

test("two builds of the same zones give the same table", async () => {
  const zone = { name: "example.com", text: Buffer.from(FILES["example.com"]) };
  const one = await dnsInstance([zone]);
  const two = await dnsInstance([zone]);
  expect(Buffer.from(two.tables()).equals(Buffer.from(one.tables()))).toBe(true);
});
