/** Name servers for `npm run bench dns` beside the appliance: nsd and knot. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./appliance.ts";
import { type Server, startServer, subnet } from "./servers.ts";

/** A zone: its name and the file in `folder` that has it. */
export interface Zone {
  readonly name: string;
  readonly file: string;
}

export function answersDns(address: string): boolean {
  const asked = ["+time=1", "+tries=1", "+short", `@${address}`, "example.org", "SOA"];
  return /\d/.test(execFileSync("dig", asked, { encoding: "utf8" }));
}

export function startNsd(n: number, zones: readonly Zone[]): Promise<Server> {
  const { there } = subnet(n);
  const file = join(folder, "nsd.conf");
  const listed = zones.map(({ name, file }) => `zone:\n  name: "${name}"\n  zonefile: "${file}"\n`);
  writeFileSync(
    file,
    `server:
  ip-address: ${there}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "${folder}"
  xfrdfile: ""
  pidfile: "${join(folder, "nsd.pid")}"
  zonelistfile: "${join(folder, "nsd.zones")}"
  xfrdir: "${folder}"
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
${listed.join("")}`,
  );
  return startServer("nsd", n, ["nsd", "-d", "-c", file], answersDns);
}

export function startKnot(n: number, zones: readonly Zone[]): Promise<Server> {
  const { there } = subnet(n);
  const file = join(folder, "knot.conf");
  const listed = zones.map(({ name, file }) => `  - domain: ${name}\n    file: ${join(folder, file)}\n`);
  writeFileSync(
    file,
    `server:
  rundir: ${folder}
  listen: ${there}@53
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}
template:
  - id: default
    journal-content: none
zone:
${listed.join("")}`,
  );
  return startServer("knot", n, ["knotd", "-c", file], answersDns);
}
