/** What `prepare` leaves to the server: all sites, and a table of all paths. */
import { Bytes } from "../../core/bytes";
import { hashFolded } from "../../core/fold";
import { Program } from "../pattern/program";
import { Resource } from "../response/resource";
import { Deed } from "../things/deed";
import { Door } from "../things/door";
import { State } from "../things/state";

/** An answer that is always the same: its head without the empty line, and its body. */
@final
export class Message {
  constructor(
    public status: u32,
    public head: Bytes,
    public body: Bytes,
  ) {}
}

/** What exactly one path leads to: one of these. */
@final
export class Page {
  resource: Resource | null = null;
  /** The path with a slash behind it, which is where it really is. */
  location: Bytes | null = null;
  message: Message | null = null;
  state: State | null = null;
  /** Who may see the state, or do the deed. */
  door: Door | null = null;
  deed: Deed | null = null;

  constructor(
    public site: u32,
    public path: Bytes,
  ) {}
}

export namespace PartKind {
  export const text: u32 = 0;
  export const caught: u32 = 1;
  export const path: u32 = 2;
  export const query: u32 = 3;
  export const host: u32 = 4;
}

/** A part of a destination. */
@final
export class Part {
  constructor(
    public kind: u32,
    public text: Bytes,
    public number: u32,
  ) {}
}

@final
export class Redirect {
  constructor(
    public program: Program,
    public message: Message,
    public parts: StaticArray<Part>,
  ) {}
}

@final
export class Reply {
  constructor(
    public program: Program,
    public message: Message,
  ) {}
}

/** A folder: what is shown where nothing is. */
@final
export class Mount {
  constructor(
    public prefix: Bytes,
    public missing: Resource | null,
  ) {}
}

@final
export class Site {
  /** In small letters; none: for every other name. */
  names: StaticArray<Bytes> = [];
  isSecure: bool = false;
  errors: StaticArray<Message> = [];
  redirects: StaticArray<Redirect> = [];
  replies: StaticArray<Reply> = [];
  /** The longest prefix first. */
  mounts: StaticArray<Mount> = [];
  /** Of redirects from a folder's name to the folder. */
  moved: Message = new Message(0, nothing, nothing);
  /** Of deeds that were done. */
  done: Message = new Message(0, nothing, nothing);
  /** Of who has no token. */
  wantsToken: Message = new Message(0, nothing, nothing);
  /** Of answers to OPTIONS. */
  options: Message = new Message(0, nothing, nothing);

  /** The message for a status that the server says by itself. */
  error(status: u32): Message {
    for (let n = 0; n < this.errors.length; n++) if (this.errors[n].status == status) return this.errors[n];
    return this.errors[0];
  }
}

const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);

export let sites: StaticArray<Site> = [];
/** For requests that cannot be told which site they are for. */
export let nobody: Site = new Site();
let pages: StaticArray<Page> = [];
/** Open addressing: the number of a page and 1 in the low half, the hash in the high half; a power of two, at most half full. */
let slots: StaticArray<u64> = [0];

export function install(newSites: Site[], newNobody: Site, newPages: Page[]): void {
  sites = StaticArray.fromArray(newSites);
  nobody = newNobody;
  pages = StaticArray.fromArray(newPages);
  let size = 2;
  while (size < 2 * newPages.length) size *= 2;
  slots = new StaticArray<u64>(size);
  for (let n = 0; n < newPages.length; n++) {
    const hash = hashOf(newPages[n].site, newPages[n].path, newPages[n].path.length);
    let at = <i32>hash & (size - 1);
    while (slots[at] != 0) at = (at + 1) & (size - 1);
    slots[at] = ((<u64>hash) << 32) | <u64>(n + 1);
  }
}

function hashOf(site: u32, path: Bytes, length: u32): u32 {
  return <u32>(hashFolded(path, 0, length) >> 32) ^ (site * 0x9e3779b1);
}

/** What this path of this site leads to. */
export function find(site: u32, path: Bytes, length: u32): Page | null {
  const hash = hashOf(site, path, length);
  const mask = slots.length - 1;
  let at = <i32>hash & mask;
  while (true) {
    const slot = slots[at];
    if (slot == 0) return null;
    if (<u32>(slot >> 32) == hash) {
      const page = pages[<i32>slot - 1];
      if (page.site == site && page.path.length == length && page.path.equals(0, path, 0, length))
        return page;
    }
    at = (at + 1) & mask;
  }
}
