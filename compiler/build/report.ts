/** The result of a build without the image's bytes, as plain data: what is remembered, printed and looked at. */
import type { Diagnostic } from "#lang";
import type { Digest } from "../store/digest.ts";
import type { Demands, MapRow } from "./backend.ts";
import type { SizedModule } from "./sizes.ts";

export interface BuildReport {
  readonly appliance: string;
  readonly target: string;
  /** What made it: `kvm`. */
  readonly backend: string;
  /** What a virtual machine is to be given, as far as the target says. */
  readonly machine: {
    /** Bytes. */
    readonly memory: number | undefined;
    readonly nics: number | undefined;
    /** What QEMU calls the board, if it has it. */
    readonly emulator: string | undefined;
    /** The image wants no firmware below it. */
    readonly bare: boolean;
  };
  readonly modules: readonly ModuleReport[];
  /** What a machine is given when it starts, by name. */
  readonly slots: readonly SlotReport[];
  readonly digests: {
    readonly recipe: Digest;
    readonly contents: Digest;
    readonly image: Digest;
    readonly manifest: Digest;
  };
  /** Where each setting was made. Positions are in no recipe: text may move. */
  readonly places: readonly SettingPlace[];
  /** Where files are named; those that only other files name are not here. */
  readonly files: readonly { readonly path: string; readonly place: Place }[];
  /** What `functions@1` in the store says of the code. */
  readonly functions: Digest;
  /** What `symbols@1` in the store says of where functions are in the image's file. */
  readonly symbols: Digest;
  /** What `lines@1` in the store says of what the code was made of. */
  readonly lines: Digest;
  readonly image: { readonly size: number; readonly extension: string; readonly media: string };
  readonly sizes: Sizes;
  /** Of memory that the machine has little of. */
  readonly demands?: Demands;
  readonly map: readonly MapRow[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface SlotReport {
  /** In the description: `xfr`. */
  readonly name: string;
  /** What machines look for: `tsig/xfr`. */
  readonly slot: string;
  readonly secret: boolean;
  /** `dns.TsigKey` */
  readonly type: string;
  /** `text`, `number`, `bytes` …: how a value is written. */
  readonly form: string;
  /** The same for people, and which values are refused. */
  readonly wants: string;
  /** Undefined: it must be given. */
  readonly default: string | undefined;
}

export interface ModuleReport {
  /** `std/net/arp` */
  readonly path: string;
  readonly doc: string | undefined;
  readonly parts: readonly { readonly name: string; readonly on: boolean }[];
  /** Name of each need → path of the module that meets it. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly reasons: readonly ReasonReport[];
  /** What it was told, once for each block of it; one without label for a module that has no block. */
  readonly settings: readonly SettingsReport[];
}

export interface SettingsReport {
  readonly label: string | undefined;
  /** Options of the block itself, as a user would write them; long values are cut. */
  readonly options: Readonly<Record<string, string>>;
  /** Blocks inside of it that others can be wired to: outputs, inputs. */
  readonly wired?: readonly WiredReport[];
}

export interface WiredReport {
  /** `output` */
  readonly name: string;
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}

/** One edge of the plan. */
export interface ReasonReport {
  readonly kind: "block" | "need" | "target";
  /** The module that asks; undefined for the description and the target. */
  readonly from: string | undefined;
  /** Name of the need, or what is written in the description: `net eth0`. */
  readonly text: string;
  /** `std/net.Arp`; undefined for a block. */
  readonly interface: string | undefined;
  readonly place: Place | undefined;
  /** The part of the module that has this need. */
  readonly part?: PartReason | undefined;
}

export interface PartReason {
  readonly name: string;
  /** Its condition, as it is written in the library, and where. */
  readonly when: string;
  readonly place?: Place | undefined;
  /** What made the condition hold. */
  readonly asked?: { readonly text: string; readonly place?: Place | undefined } | undefined;
}

export interface SettingPlace {
  /** As in `config@1`: `dns.zone["example.org"].primary.ttl`. */
  readonly path: string;
  /** Of the setting; of a default, where its option is declared. */
  readonly place: Place;
  /** Nobody wrote it: it is a default, or was counted in the lock. */
  readonly byDefault?: true;
  /** Where the value itself is written, if that is elsewhere: in a `let`. */
  readonly made?: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Bytes of the image. */
export interface Sizes {
  /** By module, the largest first; code of several modules' common files under the library's path. */
  readonly code: readonly SizedModule[];
  /** Prepared memory by the module that it is for, the largest first; constants of the code by themselves. */
  readonly memory: readonly SizedModule[];
  /** Memory as `prepare` left it, without zeros. */
  readonly data: number;
}
