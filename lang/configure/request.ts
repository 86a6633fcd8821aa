/** What is asked of the language. */
import type { Limits } from "../evaluate/machine.ts";
import type { Files } from "../source/files.ts";
import type { ParsedTexts } from "../syntax/parse-memory.ts";
import type { Day } from "./counters.ts";
import type { Libraries } from "./libraries.ts";
import type { LibraryMemory } from "./library-memory.ts";
import type { Watch } from "./watch.ts";

export interface Request {
  /** The description, as `files` knows it. */
  readonly path: string;
  readonly files: Files;
  readonly libraries: Libraries;
  readonly machines: Machines;
  /** Only this one of its appliances. */
  readonly appliance?: string | undefined;
  /** Only this one: a target of the description, or one that needs no saying. Without it all of the description's, or the usual one. */
  readonly target?: string | undefined;
  /** A description without targets of its own is looked at on every known one, not only on the usual one. */
  readonly everywhere?: boolean | undefined;
  /** Values for params, as they would be written in the description; quotes around texts may be left out. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** Those of params `from boot` are for the machine that is then started: they are checked, and change nothing. */
  readonly startsMachines?: boolean | undefined;
  readonly limits?: Limits | undefined;
  /** Nothing may differ from the lock. */
  readonly locked?: boolean | undefined;
  /** What numbers that are counted in the lock begin with; without it they stay as they are. */
  readonly day?: Day | undefined;
  /** Who knows the trees of texts already; without it each is parsed. */
  readonly parsed?: ParsedTexts | undefined;
  readonly watch?: Watch | undefined;
  /** What libraries declare is taken from here if it was found out before. */
  readonly kept?: LibraryMemory | undefined;
}

/** What images can be made for. */
export interface Machines {
  /** The block that the body of `target` is: `std/board`, `Target`. Its option `board` is a record with a field `backend`. */
  readonly target: BlockName | undefined;
  /** What a test may hold besides assertions, to be carried out by whoever asked: the word for it, and the block that its body is. */
  readonly trial?: (BlockName & { readonly word: string }) | undefined;
  /** Targets that every description has, the usual one first. */
  readonly known: readonly KnownTarget[];
  /** Libraries that a backend brings; their modules win over others that offer the same. Undefined: there is no such backend. */
  librariesOf(backend: string): readonly string[] | undefined;
}

export interface BlockName {
  readonly library: string;
  readonly block: string;
}

export interface KnownTarget {
  readonly name: string;
  readonly backend: string;
  /** `std/board/qemu` and the name of the value there; undefined: `target.board` cannot be read. */
  readonly board: { readonly library: string; readonly name: string } | undefined;
}
