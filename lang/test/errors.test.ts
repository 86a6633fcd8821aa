import { readdirSync, readFileSync } from "node:fs";
import { configure, MemoryFiles, renderAll, Sources, type Texts } from "#lang";
import { testLibraries, testMachines } from "./libraries.ts";
import { golden } from "./syntax-golden.ts";

/** The files of `data/`, as `data/NAME`. */
const folder = new URL("data/", import.meta.url);
const dataFiles = Object.fromEntries(
  readdirSync(folder)
    .sort()
    .map((name) => [`data/${name}`, readFileSync(new URL(name, folder), "utf8")]),
);

/** Of RFC 8410, 10.3. */
const privateKey =
  "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

const others: Readonly<Record<string, string | Uint8Array>> = {
  "example.org.zone": "@ SOA ns1 hostmaster 1 2 3 4 5\n",
  "key.pem": privateKey,
  "site/index.html": "<p>",
  "site/css/a.css": "a{}",
  "site/css/a.css.map": "{}",
  "keys/www.pem": privateKey,
  "keys/readme": "a PEM file begins with -----BEGIN PRIVATE KEY-----",
  "hello.txt": "Hello\nworld\n",
  "name.txt": "www.exam ple.com\r\n",
  "latin.txt": new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
  "latin.csv": new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
  "long.txt": "x".repeat(70_000),
  ...dataFiles,
  "case/Logo.svg": "",
  "case/logo.svg": "",
  "common.appl":
    "appl 1\n\nlet office = [203.0.113.0/24]\nfn twice(n: Int) -> Int = n * 2\ntype Site = { name: Str, net: Cidr }\n",
  "fragments.appl": "appl 1\n\nuse std/tunnel as t\n\nfragment open { t { listen = *:443 } }\n",
  "shared.appl":
    'appl 1\n\nsecret common : Bytes from boot "tsig/common"\nsecret more : Str from boot "more"\n',
  "circle.appl": 'appl 1\n\nuse "./circle.appl"\n',
};

/** A file is known by the name that it has in the reports of the faulty programs: `t.appl`. */
golden(new URL("errors/", import.meta.url), (input) => {
  const files = new MemoryFiles({ ...others, "t.appl": input });
  const withLibraries: Texts = {
    read: (path) => files.read(path) ?? bytesOf(testLibraries.find(path.replace(/\.appl$/, ""))?.text),
  };
  const { diagnostics, configurations } = configure({
    path: "t.appl",
    files,
    libraries: testLibraries,
    machines: testMachines,
    target: /^# target: (\w+)$/m.exec(input)?.[1],
  });
  const errors = diagnostics.some(({ severity }) => severity === "error");
  if (!errors && configurations.length === 0) throw new Error("no configuration, and no error");
  return diagnostics.length === 0 ? "no errors\n" : renderAll(diagnostics, new Sources(withLibraries));
});

const bytesOf = (text: string | undefined) =>
  text === undefined ? undefined : new TextEncoder().encode(text);
