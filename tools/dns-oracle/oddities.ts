import { concat, message, optRecord, patch } from "./query.ts";
import type { Question } from "./questions.ts";
import { wireName } from "./zones.ts";

type Add = (title: string, bytes: Uint8Array) => void;

const name = wireName("www.example.org.");
const plain = message(name, 1, {});
const header = plain.subarray(0, 12);
const opt = optRecord({ size: 1232 });
/** A SOA record as the asker of an IXFR sends it; its values do not matter. */
const SOA = Uint8Array.from([0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 0, 0, 22, 0, 0, ...new Array(20).fill(1)]);
/** A record that is neither OPT nor TSIG. */
const ADDRESS = Uint8Array.from([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);

/** Messages that are wrong or unusual. */
export function oddities(): Question[] {
  const out: Question[] = [];
  const add: Add = (title, bytes) => void out.push({ title, bytes, slow: true });
  headers(add);
  counts(add);
  edns(add);
  names(add);
  classes(add);
  aboutServer(add);
  transfers(add);
  return [...out, ...anyClass()];
}

function headers(add: Add): void {
  for (let size = 0; size < plain.length; size++) {
    add(`the first ${size} bytes of a question`, plain.subarray(0, size));
  }
  for (let opcode = 1; opcode < 16; opcode++) add(`opcode ${opcode}`, patch(plain, 2, (opcode << 3) | 1));
  for (let rcode = 1; rcode < 16; rcode += 7) add(`rcode ${rcode} in a question`, patch(plain, 3, rcode));
  for (const bit of [0x04, 0x02, 0x01]) add(`header bit 2:${bit}`, patch(plain, 2, bit));
  for (const bit of [0x80, 0x40, 0x20, 0x10]) add(`header bit 3:${bit}`, patch(plain, 3, bit));
  for (const bit of [0x07, 0xf0]) {
    add(`opcode 2 with bits ${bit}`, patch(plain, 2, 0x10 | (bit & 7), 3, bit & 0xf0));
  }
  add("a response", patch(plain, 2, 0x80));
}

function counts(add: Add): void {
  const fields = [
    [5, "QDCOUNT"],
    [7, "ANCOUNT"],
    [9, "NSCOUNT"],
    [11, "ARCOUNT"],
  ] as const;
  for (const [at, field] of fields) {
    for (const count of [0, 1, 2, 255])
      if (plain[at] !== count) add(`${field} ${count}`, patch(plain, at, count));
  }
  add("QDCOUNT 2 with RD", patch(plain, 2, 1, 5, 2));
  add("no question, one OPT", concat(patch(header, 5, 0, 11, 1), opt));
  add("two questions", concat(patch(plain, 5, 2), plain.subarray(12)));
  add("garbage after the question", concat(plain, Uint8Array.from([1, 2, 3])));
}

function edns(add: Add): void {
  const one = patch(plain, 11, 1);
  add("two OPT records", concat(patch(plain, 11, 2), opt, opt));
  add("an OPT with a name", concat(one, Uint8Array.from([1, 97]), opt));
  add("an OPT cut off", concat(one, opt.subarray(0, 10)));
  add("an OPT in the answer section", concat(patch(plain, 7, 1), opt));
  add("another record instead of OPT", concat(one, ADDRESS));
  add("garbage after OPT", concat(one, opt, Uint8Array.from([0, 0])));
  for (const options of [[0], [0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 9, 0], [0, 1, 0, 0, 0], [0, 1, 0, 2, 9]]) {
    add(`options ${options}`, message(name, 1, { edns: { size: 1232, options } }));
  }
  const option = message(name, 1, { edns: { size: 1232, options: [0, 1, 0, 0] } });
  add("an option beyond the message", patch(option, plain.length + 10, 200));
  for (const version of [1, 2, 255]) {
    add(`EDNS version ${version}`, message(name, 1, { edns: { size: 1232, version, dnssec: true } }));
  }
  add("EDNS version 1 with bits", patch(message(name, 1, { edns: { size: 1232, version: 1 } }), 3, 0x30));
}

function names(add: Add): void {
  const end = Uint8Array.from([0, 1, 0, 1]);
  for (const raw of [
    [0xc0, 12],
    [3, 119, 119, 119, 0xc0, 12],
    [64, 97],
    [0x41, 0x20],
    [0x80, 0],
  ]) {
    add(`a name ${raw}`, concat(header, Uint8Array.from(raw), end));
  }
  for (const count of [126, 127, 128]) {
    const labels = Uint8Array.from([...Array.from({ length: count }, () => [1, 97]).flat(), 0]);
    add(`a name of ${count} labels`, concat(header, labels, end));
  }
}

function classes(add: Add): void {
  for (const clazz of [0, 2, 3, 4, 254, 65535]) {
    for (const type of [1, 16, 255])
      add(`class ${clazz} type ${type}`, message(name, type, { class: clazz }));
    add(`class ${clazz} with EDNS`, message(name, 1, { class: clazz, edns: { size: 1232 } }));
  }
}

function aboutServer(add: Add): void {
  const whos = [
    "version.bind.",
    "version.server.",
    "id.server.",
    "hostname.bind.",
    "authors.bind.",
    "VERSION.Bind.",
  ];
  for (const who of [...whos, "bind."]) {
    for (const type of [16, 255, 1]) {
      add(`${who} CH ${type}`, message(wireName(who), type, { class: 3, recursion: true }));
    }
    add(`${who} CH with EDNS`, message(wireName(who), 16, { class: 3, edns: { size: 1232 } }));
    add(`${who} IN`, message(wireName(who), 16, {}));
  }
}

function transfers(add: Add): void {
  for (const type of [251, 252]) {
    for (const zone of ["example.org.", "www.example.org.", "example.net."]) {
      add(`transfer ${type} of ${zone}`, message(wireName(zone), type, { edns: { size: 1232 } }));
    }
  }
  add("IXFR with its SOA", concat(patch(message(wireName("example.org."), 251, {}), 9, 1), SOA));
}

/** Class ANY: answered like IN, but never with authority (RFC 1034 3.7.1). */
function anyClass(): Question[] {
  const hosts = ["@", "www", "none", "x.dyn", "x.dev", "mx-host"].map((host) =>
    host === "@" ? "example.org." : `${host}.example.org.`,
  );
  return [...hosts, "example.net.", "x.old.dname.test."].flatMap((who) =>
    [1, 15, 16, 255].map((type) => ({
      title: `${who} class ANY type ${type}`,
      bytes: message(wireName(who), type, { class: 255 }),
    })),
  );
}
