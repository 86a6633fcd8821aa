/** Values of the language as `prepare` sees them: docs/architecture.md section 3. */

export class Ip {
  constructor(
    /** 4 or 6. */
    public family: u8,
    /** 16 bytes; IPv4 in the first four. */
    public bytes: StaticArray<u8>,
  ) {}

  /** The address as a number; only for family 4. */
  get v4(): u32 {
    const b = this.bytes;
    return ((<u32>b[0]) << 24) | ((<u32>b[1]) << 16) | ((<u32>b[2]) << 8) | <u32>b[3];
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

/** Something that is only known when the machine runs. */
export class Secret {
  constructor(
    /** Unique in the appliance. */
    public name: string,
    /** Where the machine finds it: see `SecretFrom`. */
    public from: i32,
    /** The name of the slot, if it comes from one. */
    public slot: string,
  ) {}
}

export namespace SecretFrom {
  /** Given at every start: by a config drive, the firmware, the hypervisor. */
  export const boot: i32 = 0;
  /** Encrypted for this device, beside the image. */
  export const sealed: i32 = 1;
  /** Made at the first start and kept. */
  export const generated: i32 = 2;
}

export class Dir {
  constructor(
    /** The sha256 of its tree object, in hexadecimal. */
    public hash: string,
    /** In order of the UTF-8 bytes of their paths. */
    public files: Array<DirFile>,
  ) {}
}
