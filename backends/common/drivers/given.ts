/** What a machine is given for slots: words of its command line, a file that the loader put beside the image, files of QEMU. */
import { Bytes } from "../../../stdlib/core/bytes";
import { Form } from "../../../stdlib/core/given";
import * as commandLine from "./command-line";
import { Entry, FwCfg } from "./fw-cfg";
import { load8 } from "./hw";

/** Files whose names begin so; the rest is the slot. */
const PREFIX = "opt/appl/";
const MOST_FILES = 64;

let address: u64 = 0;
let length: u32 = 0;
let device: FwCfg | null = null;
const entry = new Entry();
/** Where in the directory they are. */
const files = new StaticArray<u16>(MOST_FILES);
let count: i32 = 0;

/** `at`, `bytes`: the file beside the image; 0 for none. */
export function begin(at: u64, bytes: u64): void {
  address = at;
  length = <u32>min<u64>(bytes, <u64>u32.MAX_VALUE);
  device = null;
  count = 0;
}

export function addFiles(from: FwCfg): void {
  if (!from.exists()) return;
  device = from;
  const entries = from.directory();
  for (let n: u32 = 0; n < entries && count < MOST_FILES; n++) {
    from.next(entry);
    if (entry.startsWith(PREFIX)) files[count++] = <u16>n;
  }
}

export function texts(): i32 {
  return 2 + count;
}

export function form(n: i32): i32 {
  return n == 0 ? Form.words : n == 1 ? Form.lines : Form.value;
}

export function place(n: i32): string {
  return n == 0 ? "on the command line" : n == 1 ? "in the initrd" : "in fw_cfg";
}

export function size(n: i32): u32 {
  if (n == 0) return commandLine.length();
  if (n == 1) return length;
  find(n - 2);
  const all = <u64>nameLength() + 1 + <u64>entry.size;
  return <u32>min<u64>(all, <u64>u32.MAX_VALUE);
}

export function read(n: i32, to: Bytes): void {
  if (n == 0) for (let at: u32 = 0; at < to.length; at++) to.setU8(at, commandLine.byte(at));
  else if (n == 1) for (let at: u32 = 0; at < to.length; at++) to.setU8(at, load8(address + <u64>at));
  else readFile(n - 2, to);
}

function find(n: i32): void {
  const from = device!;
  from.directory();
  for (let left = <i32>files[n]; left >= 0; left--) from.next(entry);
}

function nameLength(): u32 {
  return entry.nameLength - <u32>PREFIX.length;
}

function readFile(n: i32, to: Bytes): void {
  find(n);
  const size = nameLength();
  for (let at: u32 = 0; at < size; at++) to.setU8(at, <u32>entry.name[PREFIX.length + <i32>at]);
  to.setU8(size, 61);
  device!.read(entry.key, to, size + 1);
}
