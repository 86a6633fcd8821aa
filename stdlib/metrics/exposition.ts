/** Numbers as text: OpenMetrics 1.0, and the older format of Prometheus (0.0.4), in which the name of a counter's family ends in `_total`, too. */
import { Bytes } from "../core/bytes";
import { digest, name } from "../core/identity";
import { Writer } from "../core/writer";
import { Family, Kind } from "./family";

/** Digits of the largest number, a blank and an end of line. */
const NUMBER: u32 = 24;
/** What stands around the name of a family in its lines, more than generously. */
const AROUND: u32 = 64;
/** The family of what this image is. */
const ABOUT: u32 = 512;

let families: StaticArray<Family> = [];

/** In `prepare`. */
export function show(all: StaticArray<Family>): void {
  families = all;
}

/** In `prepare`: no text is longer. */
export function longest(): u32 {
  let size = ABOUT;
  for (let n = 0; n < families.length; n++) {
    const family = families[n];
    size += 4 * (family.name.length + AROUND) + family.help.length;
    for (let k = 0; k < family.samples.length; k++)
      size += family.name.length + AROUND + family.samples[k].labels.length + NUMBER;
  }
  return size;
}

export function write(to: Writer, isOpen: bool): void {
  about(to, isOpen);
  for (let n = 0; n < families.length; n++) writeFamily(to, families[n], isOpen);
  if (isOpen) to.text("# EOF\n");
}

const nameRoom = new Bytes(new StaticArray<u8>(64), 0, 64);
const digestRoom = new Bytes(new StaticArray<u8>(64), 0, 64);

/** A number that is always 1, whose labels say what this image is. */
function about(to: Writer, isOpen: bool): void {
  to.text("# HELP appl_build");
  if (!isOpen) to.text("_info");
  to.text(" The appliance, and the digest of the contents of its image.\n# TYPE appl_build");
  to.text(isOpen ? " info" : "_info gauge");
  to.text('\nappl_build_info{appliance="');
  to.put(nameRoom, 0, name(nameRoom));
  to.text('",contents="sha256:');
  digest(digestRoom, 0);
  to.put(digestRoom, 0, 64);
  to.text('"} 1\n');
}

function writeFamily(to: Writer, family: Family, isOpen: bool): void {
  const isCounter = family.kind == Kind.counter;
  head(to, "# HELP ", family, isOpen);
  to.text(" ");
  to.put(family.help, 0, family.help.length);
  head(to, "\n# TYPE ", family, isOpen);
  to.text(isCounter ? " counter\n" : " gauge\n");
  if (isOpen && family.kind == Kind.seconds) {
    head(to, "# UNIT ", family, true);
    to.text(" seconds\n");
  }
  for (let n = 0; n < family.samples.length; n++) {
    const sample = family.samples[n];
    to.put(family.name, 0, family.name.length);
    if (isCounter) to.text("_total");
    to.put(sample.labels, 0, sample.labels.length);
    to.text(" ");
    const value = sample.value();
    if (family.kind == Kind.seconds) {
      to.number(value / 1_000_000_000);
      to.text(".");
      to.digits(value / 1_000_000, 3);
    } else to.number(value);
    to.text("\n");
  }
}

function head(to: Writer, word: string, family: Family, isOpen: bool): void {
  to.text(word);
  to.put(family.name, 0, family.name.length);
  if (!isOpen && family.kind == Kind.counter) to.text("_total");
}
