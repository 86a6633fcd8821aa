/** What servers are asked in `npm run bench dns`: the zone of examples/ns1 and one of 100,000 records, and questions about both for dnsperf. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, shuffled, zoneOf } from "./appliance.ts";
import type { Zone } from "./name-servers.ts";

const RECORDS = 100_000;

/** Of ten questions two are about names that are not there, and one about a type that is not. */
const small = [
  ...["example.org A", "example.org AAAA", "example.org MX", "example.org NS", "example.org SOA"],
  ...[
    "example.org TXT",
    "www.example.org A",
    "www.example.org AAAA",
    "mail.example.org A",
    "ns1.example.org A",
  ],
  ...["host.dyn.example.org A", "_sip._tcp.example.org SRV", "sip.example.org A", "www.dev.example.org A"],
  ...["mail.example.org AAAA", "sip.example.org TXT"],
  ...["nothing.example.org A", "ww.example.org AAAA", "a.b.c.example.org A", "zzz.www.example.org A"],
];

export interface Questions {
  readonly file: string;
  /** How many are in the file. */
  readonly count: number;
}

export interface Asked {
  readonly zones: readonly Zone[];
  readonly questions: Readonly<Record<"small" | "large", Questions>>;
  /** A description of an appliance that has the zones. */
  readonly description: (address: string, gateway: string) => string;
}

export function dnsQuestions(): Asked {
  copyFileSync("examples/ns1/example.org.zone", join(folder, "example.org.zone"));
  const { records } = zoneOf(RECORDS);
  const large = records.map((name, n) =>
    n % 5 === 4 ? `no-${name} A` : n % 10 === 0 ? `${name} AAAA` : `${name} A`,
  );
  const zones = [
    { name: "example.org", file: "example.org.zone" },
    { name: "bench.test", file: `zone-${RECORDS}.zone` },
  ];
  return {
    zones,
    questions: {
      small: questions("questions-small", Array.from({ length: 1000 }, () => small).flat()),
      large: questions("questions-large", large),
    },
    description: (address, gateway) => {
      const path = join(folder, `server-${address}.appl`);
      const each = zones.map(({ name, file }) => `zone "${name}" { primary { master = file "./${file}" } }`);
      writeFileSync(
        path,
        `appl 1
use std/net
use std/dns

appliance server {
  net eth0 { address = ${address}/24; gateway = ${gateway} }
  dns {
    ${each.join("\n    ")}
  }
}
`,
      );
      return path;
    },
  };
}

function questions(name: string, lines: readonly string[]): Questions {
  const file = join(folder, name);
  writeFileSync(file, `${shuffled(lines).join("\n")}\n`);
  return { file, count: lines.length };
}
