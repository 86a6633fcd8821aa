/** What the compiler asks of a backend. `backends/` has one for each kind of machine. */
import type { IsaName } from "#codegen";
import type { Snapshot } from "../assemble/snapshot.ts";
import type { MachineCode } from "./machine-code.ts";

export interface ImageMaker {
  /** `kvm`: also the name of the target that a description has without saying so. */
  readonly name: string;
  /** The board that a description means if it names only the backend: a library and the name of the value in it. */
  readonly board: { readonly library: string; readonly name: string } | undefined;
  /** The `.appl` files that it adds to the standard library's: `backends/kvm/kvm.appl`. */
  readonly libraries: readonly string[];
  /** Interfaces that the machine itself needs somebody for: `std/core.Loop`. */
  readonly roots: readonly string[];
  /** The instruction set to compile to; undefined if images hold WebAssembly. */
  readonly isa: IsaName | undefined;
  /** The one for boards that have these extensions; `isa` if not given. */
  readonly isaWith?: (extensions: ReadonlySet<string>) => IsaName;
  /** Has it what such boards want? All that name it, if not given. */
  readonly makes?: (board: BoardFacts) => boolean;
  /** Its images have a place for `ImageParts.constants`. */
  readonly leavesConstants?: boolean;
  /** Pure: equal parts give equal bytes. Called twice, the first time with `contents` of zeros. */
  image(parts: ImageParts): ImageFile;
}

/** Of `std/board.Board`. */
export interface BoardFacts {
  readonly arch: string;
  readonly isVirtual: boolean;
  /** Bytes of its flash memory; 0 if it has none. */
  readonly flash: number;
  /** Hertz of its processor; 0 where that is not chosen. */
  readonly hertz: number;
  readonly nics: readonly NicFacts[];
}

/** Of `std/board.NicInfo`. */
export type NicFacts = {
  readonly driver: string;
  readonly phy: PhyFacts | undefined;
};

/** Of `std/board.PhyInfo`: pins by their names on the board, empty where there is none. */
export type PhyFacts = {
  readonly chip: string;
  readonly address: number;
  readonly isClockedByProcessor: boolean;
  readonly pins: Readonly<Record<"mdc" | "mdio" | "clock" | "power" | "reset", string>>;
};

export interface ImageParts {
  readonly name: string;
  /** WebAssembly: the program without its memory. */
  readonly runtime: Uint8Array;
  /** The same as machine code, if the backend has an instruction set. */
  readonly code: MachineCode | undefined;
  readonly snapshot: Snapshot;
  /** Bytes of linear memory that are used, in pages of 4 KiB; the others are zero and stay so. */
  readonly used: number;
  /** Bytes that never change and have addresses outside of linear memory; none where no backend `leavesConstants`. A multiple of 4. */
  readonly constants: Uint8Array;
  /** 64 hexadecimal digits that are written into the image: what it was made of. */
  readonly contents: string;
  /** Addresses that an image without firmware below it has to know, by what is there; undefined where there is firmware. */
  readonly bare: Readonly<Record<string, number>> | undefined;
  readonly board: BoardFacts;
  /** Exports of the program in the order in which the machine calls them: `start`, then `poll` again and again, or `run` once. */
  readonly calls: readonly string[];
}

export interface ImageFile {
  readonly bytes: Uint8Array;
  /** `elf`, `wasm`: how the file's name ends. */
  readonly extension: string;
  readonly media: string;
  /** What it takes of memory that the machine has little of, and what there is: bytes. */
  readonly demands?: Demands;
  /** For people: what is where in the machine's memory. */
  readonly map: readonly MapRow[];
  /** What is where in the file, in order; between them there may be padding. */
  readonly sections: readonly FileSection[];
  /** Functions in the file: what `diff --bytes` names. */
  readonly functions: readonly FileSection[];
}

export interface Demand {
  readonly used: number;
  readonly most: number;
}
export type Demands = Readonly<Record<"flash" | "ram", Demand>>;

export interface FileSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export interface MapRow {
  readonly name: string;
  readonly access: "rx" | "r" | "rw";
  readonly address: number;
  readonly size: number;
  /** How many bytes of it are in the file. */
  readonly stored: number;
}
