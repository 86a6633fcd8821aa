/** Values of the language as `prepare` sees them: docs/architecture.md section 3. */

export class Ip {
  constructor(
    /** 4 or 6. */
    public family: u8,
    /** 16 bytes; IPv4 in the first four. */
    public bytes: StaticArray<u8>,
  ) {}

  /** The address as the network stack has it. IPv6: the upper half; IPv4: 0. */
  get high(): u64 {
    return this.family == 4 ? 0 : this.number(0, 8);
  }

  /** IPv6: the lower half; IPv4: the address. */
  get low(): u64 {
    return this.family == 4 ? this.number(0, 4) : this.number(8, 8);
  }

  private number(from: i32, count: i32): u64 {
    let value: u64 = 0;
    for (let n = from; n < from + count; n++) value = (value << 8) | <u64>this.bytes[n];
    return value;
  }
}

export class Prefix {
  constructor(
    public ip: Ip,
    public length: u8,
  ) {}
}

export class Socket {
  constructor(
    /** Null: any address. */
    public ip: Ip | null,
    public port: u16,
  ) {}
}

export class Rate {
  constructor(
    public count: u64,
    /** In nanoseconds. */
    public per: u64,
  ) {}
}

export class File {
  constructor(
    public path: string,
    public bytes: StaticArray<u8>,
    /** Its number among the files of this build. */
    public index: i32,
  ) {}
}

/** A file in a folder. */
export class DirFile {
  constructor(
    /** In the folder: `css/site.css`. */
    public path: string,
    public media: string,
    /** The sha256 of its bytes, in hexadecimal. */
    public hash: string,
    public executable: bool,
    public file: File,
  ) {}
}

export class Dir {
  constructor(
    /** The sha256 of its tree object, in hexadecimal. */
    public hash: string,
    /** In order of the UTF-8 bytes of their paths. */
    public files: Array<DirFile>,
  ) {}
}
