/** Images with slots, for tests. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildResult } from "#compiler";
import { buildSubject, type Subject, subjectOf } from "../../cli/session.ts";
import { temporaryFolder } from "../appliance.ts";
import { withProbe } from "./library.ts";

const quiet = { error() {}, out() {}, progress() {}, quiet() {} } as never;

export const description = `appl 1
use std/probe
secret key  : probe.Key from boot "probe/key"
secret pass : probe.Pass from boot "probe/pass"
param level   : probe.Level from boot "probe/level" = low
param count   : Int from boot "probe/count" = 7
param address : IfaceAddr from boot "net/address"
param server  : SocketAddr from boot "syslog" = 192.0.2.9:514
param timeout : Duration from boot "timeout" = 250ms
param words   : Str from boot "text" = "as it was"
appliance p {
  probe { key = key; pass = pass; level = level; count = count; address = address; server = server; timeout = timeout; words = words }
}
`;

export async function buildProbe(
  target: string,
  options: { readonly simulated?: boolean; readonly text?: string; readonly subject?: Partial<Subject> } = {},
): Promise<BuildResult> {
  const path = join(temporaryFolder(), "p.appl");
  writeFileSync(path, options.text ?? description);
  const subject = subjectOf(`${path}@${target}`);
  return buildSubject({ ...subject, libraries: withProbe(subject.libraries), ...options.subject }, quiet, {
    simulated: options.simulated === true,
  });
}
