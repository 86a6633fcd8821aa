/** How settings reach `prepare`: CBOR (RFC 8949) that the compiler made, read in the order in which it was written. */
import { fileCopy, fileSize, settingsCopy, settingsSize } from "./prepare";
import { Dir, DirFile, File, Ip, Prefix, Rate, Socket } from "./values";

/** Only definite lengths; what does not fit the expected type is the compiler's mistake and traps. */
@final
export class Reader {
  private at: usize;
  private end: usize;
  /** Keeps the memory alive. */
  readonly owner: StaticArray<u8>;

  constructor(owner: StaticArray<u8>) {
    this.owner = owner;
    this.at = changetype<usize>(owner);
    this.end = this.at + owner.length;
  }

  /** Settings `number` of this build. */
  static of(number: i32): Reader {
    const bytes = new StaticArray<u8>(settingsSize(number));
    settingsCopy(number, changetype<usize>(bytes));
    return new Reader(bytes);
  }

  private byte(): u32 {
    assert(this.at < this.end);
    return load<u8>(this.at++);
  }

  private peek(): u32 {
    assert(this.at < this.end);
    return load<u8>(this.at);
  }

  private argument(info: u32): u64 {
    if (info < 24) return info;
    assert(info <= 27);
    let value: u64 = 0;
    for (let n = 1 << (info - 24); n > 0; n--) value = (value << 8) | this.byte();
    return value;
  }

  private head(major: u32): u64 {
    const first = this.byte();
    assert(first >> 5 == major);
    return this.argument(first & 31);
  }

  i64(): i64 {
    const first = this.byte();
    const value = <i64>this.argument(first & 31);
    if (first >> 5 == 0) return value;
    assert(first >> 5 == 1);
    return -1 - value;
  }

  bool(): bool {
    const first = this.byte();
    assert(first == 0xf4 || first == 0xf5);
    return first == 0xf5;
  }

  /** Is there nothing? Then it has been read. */
  none(): bool {
    if (this.peek() != 0xf6) return false;
    this.at++;
    return true;
  }

  /** The number of items that follow. */
  array(): i32 {
    return <i32>this.head(4);
  }

  text(): string {
    const count = <usize>this.head(3);
    assert(this.at + count <= this.end);
    const value = String.UTF8.decodeUnsafe(this.at, count);
    this.at += count;
    return value;
  }

  bytes(): StaticArray<u8> {
    const count = <i32>this.head(2);
    assert(this.at + count <= this.end);
    const value = new StaticArray<u8>(count);
    memory.copy(changetype<usize>(value), this.at, count);
    this.at += count;
    return value;
  }
}

export function readIp(r: Reader): Ip {
  const given = r.bytes();
  const bytes = new StaticArray<u8>(16);
  for (let n = 0; n < given.length; n++) bytes[n] = given[n];
  return new Ip(given.length == 4 ? 4 : 6, bytes);
}

export function readPrefix(r: Reader): Prefix {
  r.array();
  const ip = readIp(r);
  return new Prefix(ip, <u8>r.i64());
}

export function readSocket(r: Reader): Socket {
  r.array();
  const ip: Ip | null = r.none() ? null : readIp(r);
  return new Socket(ip, <u16>r.i64());
}

export function readRate(r: Reader): Rate {
  r.array();
  const count = <u64>r.i64();
  return new Rate(count, <u64>r.i64());
}

export function readFile(r: Reader): File {
  r.array();
  const index = <i32>r.i64();
  const path = r.text();
  const bytes = new StaticArray<u8>(fileSize(index));
  fileCopy(index, changetype<usize>(bytes));
  return new File(path, bytes, index);
}

export function readDir(r: Reader): Dir {
  r.array();
  const hash = r.text();
  const count = r.array();
  const files: DirFile[] = [];
  for (let n = 0; n < count; n++) {
    r.array();
    const path = r.text();
    const media = r.text();
    const digest = r.text();
    const executable = r.bool();
    files.push(new DirFile(path, media, digest, executable, readFile(r)));
  }
  return new Dir(hash, files);
}
