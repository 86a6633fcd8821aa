/** Images that try their disks, for tests. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSubject, subjectOf } from "../../cli/session.ts";
import { temporaryFolder } from "../appliance.ts";
import { withTrial } from "./library.ts";

const quiet = { error() {}, out() {}, progress() {}, quiet() {} } as never;

/** `settings`: those of the module. */
export async function buildTrial(target: string, settings: string): Promise<Uint8Array> {
  const path = join(temporaryFolder(), "d.appl");
  writeFileSync(path, `appl 1\nuse std/trial\nappliance d {\n  trial { ${settings} }\n}\n`);
  const subject = subjectOf(`${path}@${target}`);
  const { built } = await buildSubject({ ...subject, libraries: withTrial(subject.libraries) }, quiet, {
    simulated: false,
  });
  return built!.image;
}

/** What disks hold after a round of so many requests of `pages` pages: as the module writes it. */
export function written(
  pieces: number,
  pages: number,
  sectorSize: number,
  round: number,
  to: Uint8Array,
): void {
  const view = new DataView(to.buffer, to.byteOffset, to.byteLength);
  const size = pages * 4096;
  for (let n = 0; n < pieces; n++) {
    const length = n % 5 === 4 ? sectorSize : size;
    for (let at = n * size; at < n * size + length; at += 8)
      view.setBigUint64(at, (BigInt(at) << 16n) ^ BigInt(round * 0x9e37), true);
  }
}
