import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries, plain, renderAll, Sources } from "#lang";
import { builtins } from "../evaluate/operations/builtins.ts";
import { someMachine } from "./libraries.ts";

const folder = new URL("data/", import.meta.url);
const dataFile = (name: string) => readFileSync(new URL(name, folder), "utf8");

/** What is said of a description whose appliance asserts this. */
function said(condition: string): string {
  const files = new MemoryFiles({
    "t.appl": `appl 1
let ports : List<Port> = [80, 443]
let names = map([("b", 2), ("a", 1)])
type Listen = { port: Port, at: List<Ip> = [192.0.2.1], tls: { strict: Bool = true, names: Map<Str, Int> = {} } = {} }
let listen : Listen = { port = 80 }
type Lease = { name: Str, mac: Mac, address: Ip4, ttl: Duration = 1h, tags: Str? = none, port: Port? = none }
let leases = data "./good.csv" : List<Lease>
type Action = accept | drop
type Config = {
  host: DomainName, hosts: List<DomainName>, net: Cidr, here: IfaceAddr, listen: SocketAddr, serial: auto | at(Int), other: auto | at(Int),
  action: Action, days: Range<Weekday>, range: Range<Ip>, limit: Rate, ratio: Dec, temperature: TempDelta, percent: Percent, size: Size,
  on: Bool, label: Str, text: Str, number: Str, version: Str, pair: (Int, Str), path: Regex, since: Date, at: Instant, hash: Hash,
  mixed: List<any | Cidr | Int>, aliases: Map<Str, Str>, by_ip: Map<Ip, Str>
}
let config : Config = data "./config.yaml"
fn twice(n: Int) -> Int = n * 2
appliance t {
  assert ${condition}, "no"
}
`,
    "abc.txt": "abc",
    "name.txt": "www.example.com\n",
    ...Object.fromEntries(
      ["csv", "json", "yaml", "toml"].map((it) => [`good.${it}`, dataFile(`good.${it}`)]),
    ),
    "config.yaml": dataFile("config.yaml"),
    "ports.csv": "name,port\nhttp,80\nhttps,443\n",
    "d/a": "",
    "d/b/c": "",
  });
  const { diagnostics } = configure({
    path: "t.appl",
    files,
    libraries: new MemoryLibraries({}),
    machines: someMachine,
  });
  return renderAll(diagnostics, new Sources(files), plain);
}

const holding = [
  "1 + 2 * 3 == 7",
  "7 - 2 - 1 == 4",
  "7 / 2 == 3",
  "-7 / 2 == -3",
  "7 % 3 == 1",
  "0x44 == 68",
  "65_536 == 65536",
  "0.1 + 0.2 == 0.3",
  "1.50 == 1.5",
  "30s + 500ms == 30500ms",
  "1h30m == 90min",
  "2KiB * 4 == 8KiB",
  "1MB < 1MiB",
  "not false and true or false",
  '"a" ++ "b" == "ab"',
  `"\${1 + 1} and \${5min}" == "2 and 5min"`,
  '"WWW" matches r"^[A-Z]+$"',
  "2 in 1..4 and not 5 in 1..4",
  "10.1.2.3 in 10.0.0.0/8",
  "not 2001:db8::1 in 2001:db8:1::/48",
  "if 1 < 2 then true else false",
  "twice(21) == 42",
  'leases[0] == { name = "printer", mac = 00:1b:a9:12:34:56, address = 10.20.0.40, ttl = 5min, tags = "office", port = 631 }',
  'leases[1] == { name = "nas, big", mac = 9c:5c:8e:aa:bb:01, address = 10.20.0.41, ttl = 1h, tags = none, port = none }',
  'leases[2].name == "quoted \\"x\\"" and len(leases) == 3',
  '(data "./good.json" : List<Lease>) == leases',
  '(data "./good.yaml" : List<Lease>) == leases',
  '(data "./good.toml" : { lease: List<Lease> }).lease == leases',
  '(data "./ports.csv" : Map<Str, Port>) == { "http" => 80, "https" => 443 }',
  '(data "./ports.csv" : Map<Str, { port: Port }>)["http"].port == 80',
  '(data "./ports.csv" : List<(Str, Port)>)[1] == ("https", 443)',
  'config.host == "www.example.com" and config.hosts == ["www.example.com", "mail.example.com"]',
  "config.net == 10.0.0.0/8 and config.here == 10.0.0.1/8 and config.listen == [::]:53",
  "config.serial is auto and config.other is at and config.action == drop and config.days == mon..fri",
  "config.range == 10.0.0.1..10.0.0.9 and config.limit == 100/s and config.ratio == 0.25",
  "config.temperature == -0.4°C and config.percent == 25% and config.size == 64KiB and config.on",
  'config.label == "true" and config.text == "null and void" and config.number == "5060" and config.version == "1.10"',
  'config.pair == (1, "b") and config.since == 2026-11-21 and config.at == 2026-11-21T05:00Z',
  'config.hash == hash.sha256("abc") and len(config.mixed) == 3 and "a" matches r"a"',
  'config.aliases == { "blog" => "www", "docs" => "pages" } and config.by_ip[10.0.0.2] == "two"',
  'text "./name.txt" == "www.example.com"',
  "[for d in config.days: d] == [mon, tue, wed, thu, fri] and len(config.days) == 5",
  "(listen with { port = 8000 + len(ports) }).port == 8002",
  "(listen with { port = 81 }).port == 81 and listen.port == 80",
  "(listen with { port = 81 }).at == [192.0.2.1]",
  "(listen with {}) == listen",
  "(listen with { tls { strict = false } }).tls == { strict = false, names = {} }",
  "(listen with { tls.strict = false } with { at = [] }) == { port = 80, at = [], tls = { strict = false } }",
  '((listen with { tls { names a = 1 } }) with { tls { names b = 2 } }).tls.names == { "a" => 1, "b" => 2 }',
  '((listen with { tls { names a = 1 } }) with { tls { names a = 3 } }).tls.names == { "a" => 3 }',
  "(listen with { port = max(ports) }).port == 443",
  "[for p in ports: listen with { port = p }] == [listen, listen with { port = 443 }]",
  "({ a = 1, b = 2 } with { a = 3 }) == { a = 3, b = 2 }",
  "[for n in 1..5 if n % 2 == 1: n * n] == [1, 9, 25]",
  "len(ports) == 2",
  "any([false, true]) and not all([false, true])",
  "sum([1, 2, 3]) == 6",
  "min([3, 1, 2]) == 1 and max([3, 1, 2]) == 3",
  "sort([3, 1, 2]) == [1, 2, 3]",
  'keys(names) == ["a", "b"]',
  "values(names) == [1, 2]",
  'map([("a", 1), ("b", 2)]) == names',
  "flatten([[1], [2, 3]]) == [1, 2, 3]",
  "len(zip([1, 2], [3, 4])) == 2",
  'join(["a", "b"], "-") == "a-b"',
  'split("a-b", "-") == ["a", "b"]',
  'upper("aé") == "Aé"',
  'lower("AB") == "ab"',
  'replace("a.b.c", ".", "-") == "a-b-c"',
  "ip.offset(192.0.2.255, 1) == 192.0.3.0",
  'starts_with("/a/b", "/a") and not starts_with("/a", "/a/b")',
  'ends_with("www.example.com", ".example.com")',
  'regex.groups(r"^/(\\d+)/(?:x)(?<name>y)$") == ["1", "2", "name"]',
  "duplicates([1, 2, 1, 3, 1]) == [1, 1]",
  'ip.arpa(192.0.2.1) == "1.2.0.192.in-addr.arpa"',
  'starts_with(ip.arpa(2001:db8::1), "1.0.0.0.") and ends_with(ip.arpa(2001:db8::1), ".8.b.d.0.1.0.0.2.ip6.arpa")',
  "ip.nth(192.0.2.0/24, 5) == 192.0.2.5",
  "192.0.2.6 in cidr.hosts(192.0.2.0/29) and not 192.0.2.7 in cidr.hosts(192.0.2.0/29)",
  "cidr.subnets(192.0.2.0/24, 25) == [192.0.2.0/25, 192.0.2.128/25]",
  "cidr.overlaps(10.0.0.0/8, 10.1.0.0/16)",
  "cidr.of(10.0.0.1/8) == 10.0.0.0/8",
  "addr(192.0.2.1, 53) == 192.0.2.1:53",
  'int.hex(68) == "0x44" and int.hex(-1) == "-0x1" and int.hex(0) == "0x0"',
  "size.bytes(2048) == 2KiB",
  "68 in [0x44, 0x45] and not 5s in [1s, 2min]",
  "duration.seconds(120) == 2min",
  // FIPS 180-4's example, as published with the standard.
  'hash.sha256("abc") == sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'hash.sha256(file "./abc.txt") == hash.sha256("abc")',
  '(file "./abc.txt").hash == hash.sha256("abc") and (file "./abc.txt").media == "text/plain"',
  "not machine.small()",
  'keys((dir "./d").files) == ["a", "b/c"] and len((dir "./d").files) == 2',
];

test.each(holding)("%s", (condition) => {
  expect(said(condition)).toBe("");
});

test("what does not hold is an error", () => {
  expect(said("1 + 2 * 3 == 9")).toContain("error[");
});

test("every built-in function has an example above and a place in the manual", () => {
  const manual = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
  const calls = holding.join("\n");
  // a signal has to be of a block: `errors/signals.txt` has an example
  const absent = [...builtins.keys()].filter(
    (name) =>
      (name !== "carries" && !new RegExp(`(?<![.\\w])${name}\\(`).test(calls)) ||
      !new RegExp(`[\` \\n]${name}[\` \\n]`).test(manual),
  );
  expect(absent).toEqual([]);
});

test("a file may use the values of the files that it uses", () => {
  const files = new MemoryFiles({
    "t.appl": 'appl 1\nuse "./a.appl"\nlet x = a.x + 1\nappliance t { assert x == 4 }\n',
    "a.appl": 'appl 1\nuse "./b.appl"\nlet x = b.x + 1\n',
    "b.appl": "appl 1\nlet x = 2\n",
  });
  const libraries = new MemoryLibraries({});
  const { configurations } = configure({ path: "t.appl", files, libraries, machines: someMachine });
  expect(configurations).toHaveLength(1);
});
