import { beforeAll, expect, test } from "vitest";
import {
  type DnsInstance,
  dnsInstance,
  inOrder,
  message,
  oracleZones,
  readMessage,
  wireName,
} from "#tools/dns-oracle/index";

/** What an answer is, in one line: flags and code, then each section. */
function asked(dns: DnsInstance, name: string, type: number, edns = 1232): string {
  const reply = readMessage(dns.ask(message(wireName(name), type, edns ? { edns: { size: edns } } : {}))!);
  const section = (entries: typeof reply.answer): string =>
    inOrder(entries)
      .map((line) => line.replace(/^(\S+) (\d+) 1 /, "$1 "))
      .join("; ");
  const flags = `${reply.flags & 0x0400 ? "aa" : "--"}${reply.flags & 0x0200 ? "tc" : ""} ${reply.rcode}`;
  return [flags, section(reply.answer), section(reply.authority), section(reply.additional)]
    .join(" | ")
    .trim();
}

const A = 1;
const NS = 2;
const CNAME = 5;
const MX = 15;
const TXT = 16;
const AAAA = 28;
const SRV = 33;
const DS = 43;
const ANY = 255;

/** Found by NSD's answers as well (`nsd.test.ts`); here each rule is to be read. Types are numbers, addresses hexadecimal, `…` is any rest. */
const rules: [rule: string, name: string, type: number, expected: string][] = [
  ["the records of a name", "mail2.example.org.", A, "aa 0 | mail2.example.org. 1 c000021a |  |"],
  ["RFC 2308: a type that is not there", "mail2.example.org.", TXT, "aa 0 |  | SOA |"],
  ["RFC 2308: a name that is not there", "nothing.example.org.", A, "aa 3 |  | SOA |"],
  ["RFC 8020: a name between others is there", "ent.example.org.", A, "aa 0 |  | SOA |"],
  ["another zone is refused", "example.net.", A, "-- 5 |  |  |"],
  [
    "an alias and its target",
    "www.example.org.",
    A,
    "aa 0 | example.org. 1 c0000250; www.example.org. 5 <example.org.> |  |",
  ],
  [
    "an alias that is asked for itself",
    "www.example.org.",
    CNAME,
    "aa 0 | www.example.org. 5 <example.org.> |  |",
  ],
  [
    "an alias of nothing",
    "chain3.example.org.",
    A,
    "aa 3 | chain3.example.org. 5 <nothing.example.org.> | SOA |",
  ],
  [
    "an alias that leaves our zones",
    "out.example.org.",
    A,
    "aa 0 | out.example.org. 5 <www.example.net.> |  |",
  ],
  [
    "aliases in a circle",
    "loop1.example.org.",
    A,
    "aa 0 | loop1.example.org. 5 <loop2.example.org.>; loop2.example.org. 5 <loop1.example.org.> |  |",
  ],
  [
    "an alias into another zone of ours",
    "tochild.example.org.",
    A,
    "aa 0 | tochild.example.org. 5 <www.sub.example.org.>; www.sub.example.org. 1 c000026f |  |",
  ],
  [
    "an alias to a delegated name",
    "todns.example.org.",
    AAAA,
    "aa 0 | todns.example.org. 5 <x.dev.example.org.> | dev.example.org. 2 <ns.other.example.org.>; dev.example.org. 2 <ns1.dev.example.org.>; dev.example.org. 2 <ns2.dev.example.org.> | ns.other.example.org. 1 c0000248; ns1.dev.example.org. 1 c0000246; ns1.dev.example.org. 28 20010db8000000000000000000000070; ns2.dev.example.org. 1 c0000247",
  ],
  ["RFC 4592: a wildcard", "any.dyn.example.org.", A, "aa 0 | any.dyn.example.org. 1 c0000263 |  |"],
  [
    "a wildcard for a deeper name",
    "a.b.c.dyn.example.org.",
    A,
    "aa 0 | a.b.c.dyn.example.org. 1 c0000263 |  |",
  ],
  ["a wildcard without this type", "any.dyn.example.org.", SRV, "aa 0 |  | SOA |"],
  ["a name that is there hides the wildcard", "host.dyn.example.org.", TXT, "aa 0 |  | SOA |"],
  ["and so does one between others", "b.host.dyn.example.org.", A, "aa 0 |  | SOA |"],
  ["and below it there is none", "x.host.dyn.example.org.", A, "aa 3 |  | SOA |"],
  [
    "the wildcard asked for by its name",
    "*.dyn.example.org.",
    A,
    "aa 0 | *.dyn.example.org. 1 c0000263 |  |",
  ],
  [
    "a wildcard alias",
    "x.alias.example.org.",
    A,
    "aa 0 | mail.example.org. 1 c0000219; x.alias.example.org. 5 <mail.example.org.> |  |",
  ],
  [
    "a delegation",
    "dev.example.org.",
    A,
    "-- 0 |  | dev.example.org. 2 <ns.other.example.org.>; dev.example.org. 2 <ns1.dev.example.org.>; dev.example.org. 2 <ns2.dev.example.org.> | ns.other.example.org. 1 c0000248; ns1.dev.example.org. 1 c0000246; ns1.dev.example.org. 28 20010db8000000000000000000000070; ns2.dev.example.org. 1 c0000247",
  ],
  [
    "glue is not answered with authority",
    "ns1.nods.example.org.",
    A,
    "-- 0 |  | nods.example.org. 2 <ns.example.net.> |",
  ],
  ["RFC 4035 3.1.4.1: DS is the upper zone's", "nods.example.org.", DS, "aa 0 |  | SOA |"],
  ["also if the lower zone is here", "sub.example.org.", DS, "aa 0 | sub.example.org. 43 d431…"],
  ["the lower zone answers the rest", "sub.example.org.", A, "aa 0 | sub.example.org. 1 c000026e |  |"],
  [
    "addresses of a mail host",
    "mx-host.example.org.",
    MX,
    "aa 0 | mx-host.example.org. 15 0005<mx-host.example.org.>; mx-host.example.org. 15 000a<mail.example.org.>; mx-host.example.org. 15 0014<mail.example.org.> |  | mail.example.org. 1 c0000219; mail.example.org. 28 20010db8000000000000000000000025; mx-host.example.org. 1 c000021b",
  ],
  ["RFC 8482: ANY gets one set", "types.example.org.", ANY, "aa 0 | types.example.org. 60 0101030d…"],
  [
    "RFC 6672: a DNAME",
    "a.old.dname.test.",
    A,
    "aa 0 | a.old.dname.test. 5 <a.target.dname.test.>; a.target.dname.test. 1 c0000207; old.dname.test. 39 <target.dname.test.> |  |",
  ],
  [
    "the owner of a DNAME keeps its own records",
    "old.dname.test.",
    TXT,
    "aa 0 | old.dname.test. 16 0a6f6c6420697473656c66 |  |",
  ],
  [
    "a DNAME that makes a name too long",
    `${"x".repeat(63)}.${"y".repeat(60)}.long.dname.test.`,
    A,
    "aa 6 | long.dname.test. 39…",
  ],
  [
    "a DNAME to the root",
    "net.example.toroot.dname.test.",
    A,
    "aa 0 | net.example.toroot.dname.test. 5 <net.example.>; toroot.dname.test. 39 <.> |  |",
  ],
  ["odd names", "a\\.b.example.org.", A, "aa 0 | a\\046b.example.org. 1 c000025a |  |"],
];

let dns: DnsInstance;
beforeAll(async () => {
  dns = await dnsInstance(oracleZones());
});

test("answers by the rules", () => {
  const soa = / [a-z0-9.-]+ 6 <ns[^|]*/g;
  for (const [rule, name, type, expected] of rules) {
    const got = asked(dns, name, type).replace(soa, " SOA ");
    const shown = expected.endsWith("…") ? `${got.slice(0, expected.length - 1)}…` : got;
    expect(shown, rule).toBe(expected);
  }
});

test("an answer that does not fit has TC, and without EDNS fits 512 bytes", () => {
  expect(asked(dns, "a31.big.test.", A, 0)).toBe("aatc 0 |  |  |");
  expect(asked(dns, "a31.big.test.", A)).toMatch(/^aa 0 \| a31/);
  expect(asked(dns, "a100.big.test.", A)).toBe("aatc 0 |  |  |");
  expect(dns.ask(message(wireName("a29.big.test."), A, {}))!.length).toBeLessThanOrEqual(512);
});

test("what is merely useful is left out before anything is cut", () => {
  const reply = readMessage(dns.ask(message(wireName("mx12.big.test."), MX, {}))!);
  expect(reply.flags & 0x0200).toBe(0);
  expect(reply.answer).toHaveLength(12);
  expect(reply.additional.length).toBeLessThan(24);
});

test("RFC 9471: a delegation without all of its glue has TC", () => {
  const reply = readMessage(dns.ask(message(wireName("x.cut20.big.test."), A, {}))!);
  expect(reply.flags & 0x0600).toBe(0x0200);
});

test("the question comes back in its case, and compressed names follow it", () => {
  const reply = dns.ask(message(wireName("WwW.eXample.ORG."), A, {}))!;
  expect(Buffer.from(reply).toString("latin1")).toContain("\x03WwW\x07eXample\x03ORG\x00");
  expect(reply.length).toBe(12 + 21 + 12 + 2 + 16); // header, question, CNAME with a pointer, A
});

test("RFC 6891: the size of OPT counts, unknown options do not, version 1 is BADVERS, DO comes back", () => {
  const opt = readMessage(
    dns.ask(
      message(wireName("example.org."), A, { edns: { size: 4096, dnssec: true, options: [255, 0, 0, 0] } }),
    )!,
  ).opt;
  expect(opt).toEqual({ size: 1232, extended: 0, version: 0, flags: 0x8000 });
  const bad = readMessage(
    dns.ask(message(wireName("example.org."), A, { edns: { size: 4096, version: 1 } }))!,
  );
  expect([bad.rcode, bad.answer.length, bad.opt?.version]).toEqual([16, 0, 0]);
});

test("a larger udp_size is used for those who ask for it", async () => {
  const large = await dnsInstance(oracleZones(), { udpSize: 4096 });
  const reply = large.ask(message(wireName("a100.big.test."), A, { edns: { size: 4096 } }))!;
  expect(readMessage(reply).answer).toHaveLength(100);
  expect(readMessage(reply).opt?.size).toBe(4096);
});

test("tells who it is only if the description says so", async () => {
  const who = (dns: DnsInstance, name: string): string => {
    const reply = readMessage(dns.ask(message(wireName(name), TXT, { class: 3 }))!);
    return `${reply.rcode} ${reply.answer.map((e) => Buffer.from(e.value, "hex").toString())}`;
  };
  const named = await dnsInstance(oracleZones(), { identity: "ns1 in the cellar" });
  expect(who(named, "ID.server.")).toBe("0 \x11ns1 in the cellar");
  expect(who(named, "hostname.bind.")).toBe("0 \x11ns1 in the cellar");
  expect(who(named, "version.bind.")).toBe("5 ");
  expect(who(dns, "id.server.")).toBe("5 ");
});

test("responses are answered with silence, so that two servers never talk to each other", () => {
  const query = message(wireName("example.org."), A, {});
  query[2] = 0x80;
  expect(dns.ask(query)).toBeNull();
  expect(dns.ask(query.subarray(0, 11))).toBeNull();
});

test("a server without any zone refuses", async () => {
  const empty = await dnsInstance([]);
  expect(asked(empty, "example.org.", NS)).toBe("-- 5 |  |  |");
});

test("the root zone can be served", async () => {
  const text = Buffer.from(
    "$TTL 60\n. SOA a. b. 1 2 3 4 5\n. NS a.\na. A 192.0.2.1\norg. NS ns.org.\nns.org. A 192.0.2.2\n*. TXT x\n",
  );
  const root = await dnsInstance([{ name: ".", text }]);
  expect(root.said).toEqual([]);
  expect(asked(root, "a.", A)).toBe("aa 0 | a. 1 c0000201 |  |");
  expect(asked(root, ".", NS)).toBe("aa 0 | . 2 <a.> |  | a. 1 c0000201");
  expect(asked(root, "www.example.org.", A)).toBe("-- 0 |  | org. 2 <ns.org.> | ns.org. 1 c0000202");
  expect(asked(root, "x.y.", TXT)).toBe("aa 0 | x.y. 16 0178 |  |");
});
