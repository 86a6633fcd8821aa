/** QEMU's firmware configuration device (docs/specs/fw_cfg.rst), read byte by byte. Names and sizes come from the host: they are held to bounds. */
import { Bytes } from "../../../stdlib/core/bytes";

const SIGNATURE: u32 = 0;
const DIRECTORY: u32 = 0x19;
/** "QEMU" */
const QEMU: u32 = 0x5145_4d55;
/** A directory longer than this is none. */
const MOST_ENTRIES: u32 = 1024;
const NAME: u32 = 56;

/** How it is reached. */
export abstract class FwCfg {
  /** Item `key` is read from its beginning. */
  abstract select(key: u32): void;
  abstract byte(): u32;

  /** Is there such a device? */
  exists(): bool {
    this.select(SIGNATURE);
    return this.be32() == QEMU;
  }

  be32(): u32 {
    let value: u32 = 0;
    for (let n = 0; n < 4; n++) value = (value << 8) | this.byte();
    return value;
  }

  /** To the directory; how many entries it has. */
  directory(): u32 {
    this.select(DIRECTORY);
    return min(this.be32(), MOST_ENTRIES);
  }

  /** The next entry of the directory. */
  next(entry: Entry): void {
    entry.size = this.be32();
    entry.key = (this.byte() << 8) | this.byte();
    this.byte();
    this.byte();
    entry.nameLength = 0;
    for (let n: u32 = 0; n < NAME; n++) {
      const letter = this.byte();
      if (letter == 0 || entry.nameLength != n) continue;
      entry.name[<i32>n] = <u8>letter;
      entry.nameLength = n + 1;
    }
  }

  read(key: u32, to: Bytes, from: u32): void {
    this.select(key);
    for (let at = from; at < to.length; at++) to.setU8(at, this.byte());
  }
}

@final
export class Entry {
  size: u32 = 0;
  key: u32 = 0;
  name: StaticArray<u8> = new StaticArray<u8>(<i32>NAME);
  nameLength: u32 = 0;

  startsWith(prefix: string): bool {
    if (this.nameLength < <u32>prefix.length) return false;
    for (let n = 0; n < prefix.length; n++) if (<u32>this.name[n] != <u32>prefix.charCodeAt(n)) return false;
    return true;
  }
}
