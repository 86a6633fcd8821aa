import { configure, type Files, MemoryFiles, renderAll, Sources, type Value } from "#lang";
import { testLibraries } from "./libraries.ts";
import { golden } from "./syntax-golden.ts";

const others: Readonly<Record<string, string>> = {
  "example.org.zone": "@ SOA ns1 hostmaster 1 2 3 4 5\n",
  "key.pem": "-----BEGIN PRIVATE KEY-----\n",
  "common.appl":
    "appl 1\n\nlet office = [203.0.113.0/24]\nfn twice(n: Int) -> Int = n * 2\ntype Site = { name: Str, net: Cidr }\n",
  "circle.appl": 'appl 1\n\nuse "./circle.appl"\n',
};

/** A file is known by the name that it has in the reports of the faulty programs: `t.appl`. */
golden(new URL("errors/", import.meta.url), (input) => {
  const files = new MemoryFiles({ ...others, "t.appl": input });
  const withLibraries: Files = {
    read: (path) => files.read(path) ?? bytesOf(testLibraries.find(path.replace(/\.appl$/, ""))?.text),
  };
  const { diagnostics, configuration } = configure({
    path: "t.appl",
    files,
    libraries: testLibraries,
    target,
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
