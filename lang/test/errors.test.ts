import { configure, MemoryFiles, renderAll, Sources, type Texts, type Value } from "#lang";
import { c3 } from "./board.ts";
import { testLibraries } from "./libraries.ts";
import { golden } from "./syntax-golden.ts";

/** Of RFC 8410, 10.3. */
const privateKey =
  "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

const others: Readonly<Record<string, string>> = {
  "example.org.zone": "@ SOA ns1 hostmaster 1 2 3 4 5\n",
  "key.pem": privateKey,
  "site/index.html": "<p>",
  "site/css/a.css": "a{}",
  "site/css/a.css.map": "{}",
  "keys/www.pem": privateKey,
  "keys/readme": "a PEM file begins with -----BEGIN PRIVATE KEY-----",
  "case/Logo.svg": "",
  "case/logo.svg": "",
  "common.appl":
    "appl 1\n\nlet office = [203.0.113.0/24]\nfn twice(n: Int) -> Int = n * 2\ntype Site = { name: Str, net: Cidr }\n",
  "circle.appl": 'appl 1\n\nuse "./circle.appl"\n',
};

/** A file is known by the name that it has in the reports of the faulty programs: `t.appl`. */
golden(new URL("errors/", import.meta.url), (input) => {
  const files = new MemoryFiles({ ...others, "t.appl": input });
  const withLibraries: Texts = {
    read: (path) => files.read(path) ?? bytesOf(testLibraries.find(path.replace(/\.appl$/, ""))?.text),
  };
  const { diagnostics, configuration } = configure({
    path: "t.appl",
    files,
    libraries: testLibraries,
    target:
      /^# target: (\w+)$/m.exec(input)?.[1] === "c3" ? { name: "c3", record: c3, libraries: [] } : target,
  });
  const errors = diagnostics.some(({ severity }) => severity === "error");
  if (errors === (configuration !== undefined))
    throw new Error("a configuration with errors, or none without");
  return diagnostics.length === 0 ? "no errors\n" : renderAll(diagnostics, new Sources(withLibraries));
});

const bytesOf = (text: string | undefined) =>
  text === undefined ? undefined : new TextEncoder().encode(text);

const text = (value: string): Value => ({ kind: "str", value });
const target = {
  name: "kvm",
  record: {
    kind: "record",
    fields: new Map([["name", text("kvm")]]),
    origins: new Map(),
    weight: 32,
  } as const,
  libraries: [],
};
