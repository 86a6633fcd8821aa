import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type DnsInstance,
  dnsInstance,
  message,
  readMessage,
  type Said,
  wireName,
} from "#tools/dns-oracle/index";

const HEAD = "$TTL 3600\n@ SOA ns root 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n";
const HEAD_LINES = 4;

async function load(text: string, files: Record<string, string> = {}): Promise<DnsInstance> {
  return dnsInstance([{ name: "example.com", text: Buffer.from(text) }], { files });
}

function answers(dns: DnsInstance, name: string, type: number): string[] {
  const reply = dns.ask(message(wireName(name), type, { edns: { size: 1232 } }));
  return readMessage(reply!).answer.map((entry) => `${entry.ttl} ${entry.value}`);
}

/** `line:column+length code message` of everything that was said about lines after the head. */
function said(list: readonly Said[]): string[] {
  return list.map((s) => `${s.line - HEAD_LINES}:${s.column}+${s.length} ${s.code} ${s.message}`);
}

const faults: [line: string, expected: string][] = [
  ["www A 192.0.2.300", "1:7+11 E0735 this is no IPv4 address"],
  ["www AAAA 2001:db8::1::2", "1:10+14 E0735 this is no IPv6 address"],
  ["www A", "1:5+1 E0735 the value is not complete"],
  ["www A 192.0.2.1 192.0.2.2", "1:17+9 E0735 A has nothing after its last field"],
  ["www ADRESS 192.0.2.1", "1:5+6 E0735 `ADRESS` is no record type"],
  ["www 3600", "1:5+4 E0720 the record type is missing after this"],
  ["www 36x A 192.0.2.1", "1:5+3 E0720 this is no TTL"],
  ["www 2147483648 A 192.0.2.1", "1:5+10 E0720 a TTL is at most 2147483647 seconds (RFC 2181 8)"],
  ["www CH A 192.0.2.1", "1:5+2 E0720 a zone of class CH is not supported, only IN"],
  ["www.example.org. A 192.0.2.1", "1:1+16 E0722 this record lies outside of the zone example.com"],
  ["a..b A 192.0.2.1", "1:1+4 E0720 a name may not have two dots in a row or begin with one"],
  [`${"x".repeat(64)} A 192.0.2.1`, "1:1+64 E0720 the part between two dots is longer than 63 bytes"],
  [`${"xxxxxxxxx.".repeat(26)} A 192.0.2.1`, "1:1+260 E0720 the name is longer than 255 bytes"],
  [
    "a\\300 A 192.0.2.1",
    "1:1+5 E0720 a backslash stands before three digits up to 255, or before one character",
  ],
  ['www TXT "open', "1:9+1 E0720 this quotation does not end on its line"],
  ["www A ( 192.0.2.1", "1:7+1 E0720 this `(` is not closed"],
  ["www A 192.0.2.1 )", "1:17+1 E0720 this `)` closes nothing"],
  [
    `www TXT "${"x".repeat(256)}"`,
    "1:9+258 E0735 this text has 256 bytes, and one string holds at most 255: write it as several",
  ],
  ["www MX 70000 mail", "1:8+5 E0735 this number is larger than 65535"],
  ["www MX mail", "1:8+4 E0735 a number is wanted here"],
  ["www TLSA 3 1 1 abc", "1:16+3 E0735 this is not hexadecimal"],
  ["www CERT PKIX 1 8 M", "1:19+1 E0735 this is not base64"],
  ["www HTTPS 1 . alpn=h2 alpn=h3", "1:23+7 E0735 this parameter is given twice"],
  ["www HTTPS 1 . mandatory=port", "1:15+14 E0735 a mandatory parameter is missing (RFC 9460 8)"],
  [
    "www HTTPS 1 . colour=blue",
    "1:15+11 E0735 this is no parameter of a service: alpn, port, ipv4hint, … or key65280 (RFC 9460 2.1)",
  ],
  ["www HTTPS 1 . ipv4hint=1.2.3", "1:15+14 E0735 this is no list of IPv4 addresses"],
  [
    "www LOC 99 N 4 E 1m",
    "1:9+2 E0735 a location is written like `52 22 23.000 N 4 53 32.000 E -2.00m 0m 10000m 10m` (RFC 1876)",
  ],
  ["www TYPE1 \\# 3 c00002", "1:11+2 E0735 this is not the value of a A record"],
  ["www TYPE300 \\# 3 c0", "1:13+2 E0735 3 bytes are announced, and 1 are there"],
  ["www TYPE65536 \\# 0", "1:5+9 E0735 `TYPE65536` is no record type"],
  ["www NULL abc", "1:10+3 E0735 a value of NULL is written as \\# LENGTH HEXADECIMAL (RFC 3597)"],
  [
    "www RRSIG A 13 2 3600 1 2 3 example.com. AAAA",
    "1:11+1 E0737 DNSSEC records are not read: give the zone unsigned",
  ],
  ["www TYPE255 \\# 0", "1:5+7 E0735 TYPE255 is asked for, it is no type of a record"],
  ["$UNKNOWN x", "1:1+8 E0720 `$UNKNOWN` is not known"],
  ["$TTL soon", "1:6+4 E0720 this is no TTL"],
  ["$ORIGIN", "1:1+7 E0720 $ORIGIN is followed by one name"],
  ["$INCLUDE missing.zone", "1:10+12 E0736 there is no such file"],
  ["$GENERATE 5-1 a$ A 192.0.2.$", "1:11+3 E0720 a range is written like 1-20 or 0-255/5"],
  [
    "$GENERATE 1-2 a${0,0,q} A 192.0.2.$",
    "1:11+3 E0720 after a dollar sign stands nothing, or {offset,width,base}",
  ],
  ["$GENERATE 250-260 a$ A 192.0.2.$", "1:1+32 E0735 this is no IPv4 address"],
  ["\tä\tA\t192.0.2.1", "1:2+1 E0735 `ä` is no record type"],
];

test("each mistake in a zone file is told with its line, column and length", async () => {
  for (const [line, expected] of faults) {
    expect(said((await load(`${HEAD}${line}\n`)).said), line).toEqual([expected]);
  }
});

test("several mistakes are told at once, twenty at most", async () => {
  const dns = await load(`${HEAD}a B c\nwww A 1.2.3.4\n${"x Y z\n".repeat(40)}`);
  expect(dns.said).toHaveLength(20);
  expect(dns.said.map((s) => s.line - HEAD_LINES).slice(0, 3)).toEqual([1, 3, 4]);
});

const whole: [rule: string, text: string, expected: string[]][] = [
  ["no SOA", "@ NS ns\nns A 192.0.2.1\n", ["E0723 the zone example.com has no SOA record"]],
  ["no NS", "@ SOA ns root 1 2 3 4 5\n", ["E0724 the zone example.com names no server"]],
  [
    "two SOA",
    `${HEAD}@ SOA ns root 2 2 3 4 5\n`,
    ["E0723 the zone example.com has more than one SOA record"],
  ],
  [
    "SOA elsewhere",
    `${HEAD}a SOA ns root 2 2 3 4 5\n`,
    ["E0723 a SOA record belongs to the zone's own name, example.com"],
  ],
  [
    "CNAME and other data",
    `${HEAD}a CNAME ns\na A 192.0.2.1\n`,
    ["E0721 `a.example.com` is an alias (CNAME) and has A records as well (RFC 1034 3.6.2)"],
  ],
  [
    "CNAME at the apex",
    `${HEAD}@ CNAME ns\n`,
    ["E0721 `example.com` is an alias (CNAME) and has SOA records as well (RFC 1034 3.6.2)"],
  ],
  [
    "two CNAME",
    `${HEAD}a CNAME ns\na CNAME b\n`,
    ["E0721 `a.example.com` is an alias twice (RFC 2181 10.1)"],
  ],
  [
    "NS to an alias",
    `${HEAD}@ NS a\na CNAME ns\n`,
    ["E0725 `a.example.com` is an alias, and NS may not point to one (RFC 2181 10.3)"],
  ],
  [
    "MX to an alias",
    `${HEAD}@ MX 1 a\na CNAME ns\n`,
    ["warning W0725 `a.example.com` is an alias, and MX may not point to one (RFC 2181 10.3)"],
  ],
  ["MX to nothing", `${HEAD}@ MX 1 a\n`, ["warning W0733 `a.example.com` has no address in this zone"]],
  ["null MX", `${HEAD}@ MX 0 .\n`, []],
  ["MX by a wildcard", `${HEAD}@ MX 1 a.w\n*.w A 192.0.2.2\n`, []],
  [
    "server without address",
    `${HEAD}@ NS other\n`,
    ["E0726 the server `other.example.com` has no address in this zone"],
  ],
  [
    "missing glue",
    `${HEAD}sub NS ns.sub\n`,
    ["E0726 the address of `ns.sub.example.com` is needed to reach the zone it serves, and is not here"],
  ],
  ["glue of another cut", `${HEAD}a NS ns.b\nb NS ns.b\nns.b A 192.0.2.2\n`, []],
  [
    "data below a cut",
    `${HEAD}sub NS ns\nwww.sub A 192.0.2.2\nsub TXT x\n`,
    [
      "warning W0734 sub.example.com is delegated to other servers, so this record is never given",
      "warning W0734 sub.example.com is delegated to other servers, so this record is never given",
    ],
  ],
  [
    "data below a DNAME",
    `${HEAD}d DNAME example.net.\na.d A 192.0.2.2\n`,
    [
      "E0728 all names below `d.example.com` are redirected by its DNAME, so none may have records (RFC 6672 2.4)",
    ],
  ],
  [
    "two DNAME",
    `${HEAD}d DNAME example.net.\nd DNAME example.org.\n`,
    ["E0728 `d.example.com` has more than one DNAME (RFC 6672 2.4)"],
  ],
  [
    "DNAME and NS",
    `${HEAD}d DNAME example.net.\nd NS ns\n`,
    [
      "E0728 `d.example.com` is delegated and redirected (RFC 6672 2.3)",
      "warning W0734 d.example.com is delegated to other servers, so this record is never given",
    ],
  ],
  [
    "uneven TTLs",
    `${HEAD}a 60 A 192.0.2.2\na 30 A 192.0.2.3\n`,
    ["warning W0732 the A records of a.example.com have different TTLs (RFC 2181 5.2)"],
  ],
  ["the same twice", `${HEAD}a A 192.0.2.2\nA A 192.0.2.2\n`, []],
];

test("the rules for a zone as a whole", async () => {
  for (const [rule, text, expected] of whole) {
    const told = (await load(`${text.includes("$TTL") ? "" : "$TTL 60\n"}${text}`)).said;
    expect(
      told.map((s) => `${s.severity === "warning" ? "warning " : ""}${s.code} ${s.message}`).toSorted(),
      rule,
    ).toEqual(expected.toSorted());
  }
});

test("a zone that is given twice is told, and nothing is answered", async () => {
  const zone = { name: "example.com", text: Buffer.from(HEAD) };
  const dns = await dnsInstance([zone, zone]);
  expect(dns.said.map((s) => `${s.code} ${s.at}`)).toEqual(["E0729 1"]);
});

test("origins, TTLs and owners are inherited as RFC 1035 5 says", async () => {
  const dns = await load(`${HEAD}
$ORIGIN sub.example.com.
@ A 192.0.2.2
  30 A 192.0.2.3 ; a comment
$TTL 1h1m1s
www IN 5 A 192.0.2.4
    IN AAAA 2001:db8::1
$ORIGIN deep
@ A (
  192.0.2.5 ; inside
)
abs.example.com. 1W TXT a b "c d" e\\;f
`);
  expect(said(dns.said)).toHaveLength(1); // uneven TTLs of sub
  expect(answers(dns, "sub.example.com.", 1)).toEqual(["30 c0000202", "30 c0000203"]);
  expect(answers(dns, "www.sub.example.com.", 1)).toEqual(["5 c0000204"]);
  expect(answers(dns, "www.sub.example.com.", 28)).toEqual(["3661 20010db8000000000000000000000001"]);
  expect(answers(dns, "deep.sub.example.com.", 1)).toEqual(["3661 c0000205"]);
  expect(answers(dns, "abs.example.com.", 16)).toEqual([
    `604800 ${Buffer.from("\x01a\x01b\x03c d\x03e;f").toString("hex")}`,
  ]);
});

test("$INCLUDE reads another file, with another origin if wanted, and restores origin and owner", async () => {
  const files = {
    "hosts.zone": "@ A 192.0.2.2\n$ORIGIN elsewhere\nb A 192.0.2.3\n$INCLUDE more.zone\n",
    "more.zone": "c A 192.0.2.4\n",
  };
  const dns = await load(
    `${HEAD}a A 192.0.2.9\n$INCLUDE hosts.zone inc\n  A 192.0.2.10\nd A 192.0.2.11\n`,
    files,
  );
  expect(dns.said).toEqual([]);
  expect(answers(dns, "inc.example.com.", 1)).toEqual(["3600 c0000202"]);
  expect(answers(dns, "b.elsewhere.inc.example.com.", 1)).toEqual(["3600 c0000203"]);
  expect(answers(dns, "c.elsewhere.inc.example.com.", 1)).toEqual(["3600 c0000204"]);
  expect(answers(dns, "a.example.com.", 1)).toEqual(["3600 c0000209", "3600 c000020a"]);
  expect(answers(dns, "d.example.com.", 1)).toEqual(["3600 c000020b"]);
});

test("a mistake in an included file is told with that file, and a circle of files ends", async () => {
  const broken = await load(`${HEAD}$INCLUDE a.zone\n`, { "a.zone": "\n\nx A wrong\n" });
  expect(broken.said.map((s) => `${s.path}:${s.line}:${s.column}`)).toEqual(["a.zone:3:5"]);
  const circle = await load(`${HEAD}$INCLUDE a.zone\n`, { "a.zone": "$INCLUDE a.zone\n" });
  expect(circle.said.map((s) => s.code)).toEqual(["E0736"]);
});

test("$GENERATE makes records for a range, with offsets, widths and bases", async () => {
  const dns = await load(`${HEAD}
$GENERATE 1-3 host$ A 192.0.2.$
$GENERATE 0-20/10 n\${100,5} 60 IN TXT "v \${0,4,x} $$ \\$"
$GENERATE 18-18 \${0,3,n}.nib PTR p\${-10,0,X}
`);
  expect(dns.said).toEqual([]);
  expect(answers(dns, "host3.example.com.", 1)).toEqual(["3600 c0000203"]);
  expect(answers(dns, "host4.example.com.", 1)).toEqual([]);
  expect(answers(dns, "n00110.example.com.", 16)).toEqual([
    `60 ${Buffer.from("\x0av 000a $ $").toString("hex")}`,
  ]);
  expect(answers(dns, "2.1.nib.example.com.", 12)).toEqual(["3600 <p8.example.com.>"]);
});

test("service parameters are read as in RFC 9460 appendix D", async () => {
  const dns = await load(`${HEAD}
a SVCB 1 foo.example.com. key667="hello\\210qoo"
b SVCB 16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )
c SVCB 16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"
d SVCB 1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"
`);
  expect(dns.said).toEqual([]);
  const foo = (top: string): string => Buffer.from(`\x03foo\x07example\x03${top}\0`).toString("hex");
  expect(answers(dns, "a.example.com.", 64)).toEqual([`3600 0001${foo("com")}029b000968656c6c6fd2716f6f`]);
  expect(answers(dns, "b.example.com.", 64)).toEqual([
    `3600 0010${foo("org")}0000000400010004000100090268320568332d313900040004c0000201`,
  ]);
  expect(answers(dns, "c.example.com.", 64)).toEqual([
    `3600 0010${foo("org")}0001000c08665c6f6f2c626172026832`,
  ]);
  expect(answers(dns, "d.example.com.", 64)).toEqual([
    `3600 0001${foo("com")}0006002020010db800000000000000000000000120010db8000000000000000000530001`,
  ]);
});

test("no bytes make the reader trap", async () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      "@ ",
      "a ",
      " ",
      "\n",
      "\t",
      "(",
      ")",
      '"',
      "\\",
      "\\#",
      " 3 ",
      "$TTL ",
      "$ORIGIN ",
      "$INCLUDE x",
      "$GENERATE 1-3 ",
      "$",
      "${1,2,n}",
      ";",
      "IN ",
      "SOA ns root 1 2 3 4 5\n",
      "NS ns\n",
      "HTTPS 1 . ",
      "alpn=",
      "mandatory=",
      "LOC 1 N 1 E ",
      "TYPE99 ",
      "CNAME a\n",
      "DNAME b\n",
      "A 1.2.3.4\n",
      "AAAA ::",
      "*.",
      ".",
      "\\255",
      "\\000",
      "MX 1 a\n",
      "NAPTR 1 1 a b c .\n",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 60 }), fc.boolean(), async (parts, sound) => {
      const text = Buffer.from((sound ? HEAD : "") + parts.join(""), "latin1");
      const dns = await dnsInstance([{ name: "example.com", text }], { files: { x: "a A 1.2.3.4\n" } });
      dns.ask(message(wireName("a.example.com."), 1, {}));
    }),
    { numRuns: 1500 },
  );
});
