/**
 * What the checker makes of expressions and bodies: names are resolved, literals are values, every operator is one operation.
 *
 * The evaluator runs this and nothing else, so it never meets a wrong type. Each node has the span of what it was made from.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { TextPart as WrittenText } from "../syntax/ast.ts";
import type { Device } from "../types/devices.ts";
import type {
  BlockMember,
  OptionMember,
  Query,
  RecordType,
  Settable,
  Type,
  UnionType,
} from "../types/type.ts";
import type { Value } from "../values/value.ts";

/** A name that stands for a value. Two are the same only if they are the same object. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Where it is declared. */
  readonly span: Span;
  /** `setting`: a member of a block, readable only when the configuration is complete. */
  readonly role: "let" | "param" | "loop" | "it" | "setting" | "target" | "label" | "appliance" | "secret";
}

export type Core =
  | ConstCore
  | VariableCore
  | ListCore
  | MapCore
  | TupleCore
  | RangeCore
  | RecordCore
  | WithCore
  | TaggedCore
  | TextCore
  | FileCore
  | DirCore
  | IfCore
  | MatchCore
  | ApplyCore
  | ShortCore
  | FieldCore
  | ListForCore
  | CallCore
  | RefineCore
  | RefCore
  | FollowCore
  | DeviceCore
  | SignalCore
  | FactCore
  | QueryCore
  | BodyCore
  | ErrorCore;

interface Node {
  readonly span: Span;
}

export interface ConstCore extends Node {
  readonly op: "const";
  readonly value: Value;
}

export interface VariableCore extends Node {
  readonly op: "variable";
  readonly variable: Variable;
}

export interface ListCore extends Node {
  readonly op: "list";
  readonly items: readonly Core[];
}

export interface MapCore extends Node {
  readonly op: "map";
  readonly entries: readonly { readonly key: Core; readonly value: Core; readonly span: Span }[];
}

export interface TupleCore extends Node {
  readonly op: "tuple";
  readonly items: readonly Core[];
}

export interface RangeCore extends Node {
  readonly op: "range";
  readonly low: Core;
  readonly high: Core;
}

/** A record literal: its body gives definitions, which are merged like those of a block. */
export interface RecordCore extends Node {
  readonly op: "record";
  readonly type: RecordType;
  /** What a message calls it. */
  readonly name: string;
  readonly body: BodyCore;
}

/** A copy of a record; the body says what differs. */
export interface WithCore extends Node {
  readonly op: "with";
  readonly object: Core;
  readonly type: RecordType;
  /** What a message calls it. */
  readonly name: string;
  readonly body: BodyCore;
}

export interface TaggedCore extends Node {
  readonly op: "tagged";
  readonly tag: string;
  readonly payload: Core;
}

/** A string with holes; `finish` makes it a value of a type that is written as a string. */
export interface TextCore extends Node {
  readonly op: "text";
  readonly parts: readonly TextPart[];
  readonly finish: ((text: string, span: Span) => Finished) | undefined;
}

export type TextPart = WrittenText | { readonly hole: Core; readonly span: Span };

export type Finished =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly start: number;
      readonly end: number;
      readonly report: (span: Span) => Diagnostic;
    };

/** `file "./x"`; the path as it is written. */
export interface FileCore extends Node {
  readonly op: "file";
  readonly path: string;
  readonly pathSpan: Span;
}

/** `dir "./x" { only = […]; skip = […] }`. */
export interface DirCore extends Node {
  readonly op: "dir";
  readonly path: string;
  readonly pathSpan: Span;
  /** A record of `only` and `skip`. */
  readonly settings: RecordCore;
}

export interface IfCore extends Node {
  readonly op: "if";
  readonly condition: Core;
  readonly yes: Core;
  readonly no: Core;
}

export interface MatchCore extends Node {
  readonly op: "match";
  readonly subject: Core;
  readonly arms: readonly MatchArm[];
}

export interface MatchArm {
  /** Undefined: everything. */
  readonly test:
    | { readonly tag: string }
    | { readonly value: Value }
    /** An arm of the union that is a type. */
    | { readonly union: UnionType; readonly arm: number }
    | undefined;
  readonly binding: Variable | undefined;
  readonly value: Core;
}

/** An operator or built-in function over values that have been computed. */
export interface ApplyCore extends Node {
  readonly op: "apply";
  /** As the user knows it: `+`, `len`. */
  readonly name: string;
  readonly run: Operation;
  readonly args: readonly Core[];
}

/** What an operation may ask of the evaluator. */
export interface Bench {
  /** The place of the operation. */
  readonly span: Span;
  /** Counts work that grows with the data. */
  spend(steps: number): void;
  /** Ends the evaluation of this value with a diagnostic at the operation, or at one of its arguments. */
  fail(reason: string, argument?: number): never;
  /** Makes sure that a result may be this large, in bytes. */
  allow(weight: number): void;
  /** Has the machine that is built for little memory? */
  isSmall(): boolean;
}

export type Operation = (args: readonly Value[], bench: Bench) => Value;

/** `and`, `or`: the right side only if the left one does not decide. */
export interface ShortCore extends Node {
  readonly op: "short";
  readonly stop: boolean;
  readonly left: Core;
  readonly right: Core;
}

/** A field of a record. */
export interface FieldCore extends Node {
  readonly op: "field";
  readonly object: Core;
  readonly name: string;
}

export interface ListForCore extends Node {
  readonly op: "listFor";
  readonly variables: readonly Variable[];
  readonly source: Core;
  readonly condition: Core | undefined;
  readonly value: Core;
}

export interface CallCore extends Node {
  readonly op: "call";
  readonly fn: Fn;
  readonly args: readonly Core[];
}

export interface Fn {
  readonly name: string;
  readonly span: Span;
  readonly params: readonly { readonly variable: Variable; readonly fallback: Core | undefined }[];
  readonly result: Type;
  /** Undefined while it is being checked. */
  readonly value: Core;
}

/** The value must also satisfy the refinements of the type. */
export interface RefineCore extends Node {
  readonly op: "refine";
  readonly value: Core;
  readonly type: Type;
  /** What the value is for: `ttl`. */
  readonly subject: string | undefined;
}

/** The label of a block. */
export interface RefCore extends Node {
  readonly op: "ref";
  readonly block: string;
  readonly library: string;
  readonly key: Core;
}

/** The block that a reference names. */
export interface FollowCore extends Node {
  readonly op: "follow";
  readonly ref: Core;
}

/** A pin, network device or disk by its name on the board. */
export interface DeviceCore extends Node {
  readonly op: "device";
  readonly of: Device;
  readonly name: Core;
}

/** `air.temperature`: a run-time value of a block that is looked for when all blocks are known. */
export interface SignalCore extends Node {
  readonly op: "signal";
  /** As it is written. */
  readonly text: string;
  /** The names before the label or, without one, before the signal's own. */
  readonly path: readonly string[];
  readonly label: Core | undefined;
  readonly name: string;
  /** What it must carry; undefined: anything. */
  readonly carries: Type | undefined;
}

/** What the module behind a need says of itself: `net.addresses`. */
export interface FactCore extends Node {
  readonly op: "fact";
  /** `std/net.Stack`. */
  readonly interface: string;
  readonly query: string;
  readonly args: readonly Core[];
}

/** A question to a module whose settings are at hand: `firewall.permits({ … })`. */
export interface QueryCore extends Node {
  readonly op: "query";
  /** The module's block; of many instances, all of them by label. */
  readonly self: Core;
  readonly type: RecordType;
  readonly query: Query;
  readonly args: readonly Core[];
}

/** Reported already: evaluating it ends the value without a message. */
export interface ErrorCore extends Node {
  readonly op: "error";
}

// ------------------------------------------------------------------------------------------------ bodies

export interface BodyCore extends Node {
  readonly op: "body";
  readonly items: readonly ItemCore[];
  /** An item of its own was reported: what is missing in this block, and what its checks say, may follow from that. */
  readonly faulty: boolean;
}

export type ItemCore =
  | LetCore
  | AssertCore
  | WhenCore
  | ForCore
  | IncludeCore
  | SetCore
  | EntryCore
  | OpenCore
  | AbsentCore
  | RemoveCore;

export interface LetCore extends Node {
  readonly item: "let";
  readonly variable: Variable;
  readonly value: Core;
}

export interface AssertCore extends Node {
  readonly item: "assert";
  readonly word: "assert" | "check";
  readonly condition: Core;
  /** As it is written. */
  readonly text: string;
  readonly message: Core | undefined;
  /** Code of the library's own diagnostic. */
  readonly code: string | undefined;
  /** What else its author says; then nothing is added to it. */
  readonly details: Details | undefined;
}

export interface Details {
  /** Where the message points, and what stands there. */
  readonly at: Pointer | undefined;
  readonly also: readonly Pointer[];
  /** Texts, or lists of texts. */
  readonly helps: readonly Core[];
  readonly notes: readonly Core[];
}

export interface Pointer {
  /** A setting, an element, a block: the place where the user wrote it. */
  readonly place: Core;
  readonly text: Core;
}

export interface WhenCore extends Node {
  readonly item: "when";
  readonly condition: Core;
  readonly body: BodyCore;
}

export interface ForCore extends Node {
  readonly item: "for";
  readonly variables: readonly Variable[];
  readonly source: Core;
  readonly body: BodyCore;
}

export interface IncludeCore extends Node {
  readonly item: "include";
  readonly fragment: Fragment;
}

/** A part of appliances that is written once. */
export interface Fragment {
  /** `common`, `lib.common`: as it is included. */
  readonly name: string;
  readonly body: BodyCore;
}

/** Which definition of a leaf wins: an `override` over a plain one, a plain one over a `default`. */
export type Rank = "default" | "plain" | "override";

/** What a definition says besides its value. */
export interface Ranked {
  readonly rank: Rank;
  /** The word `override`, where it stands before this very setting: then there must be something to override. */
  readonly forced: Span | undefined;
  /** The setting's name and labels. */
  readonly head: Span;
}

/** `ttl = 5min`; with `add`, `address += [192.0.2.1]`. */
export interface SetCore extends Node, Ranked {
  readonly item: "set";
  readonly member: OptionMember;
  readonly value: Core;
  readonly add: boolean;
}

/** `alias blog = "www"`: one entry of an option of map type. */
export interface EntryCore extends Node, Ranked {
  readonly item: "entry";
  readonly member: OptionMember;
  readonly key: Core;
  readonly value: Core;
  /** Of several in braces, the option's name. */
  readonly within: Span | undefined;
}

/** `zone "example.com" { … }`. */
export interface OpenCore extends Node, Ranked {
  readonly item: "open";
  readonly settable: Settable;
  readonly label: Core | undefined;
  readonly body: BodyCore;
}

/** `transfer = none`: a block that may be there is not. */
export interface AbsentCore extends Node, Ranked {
  readonly item: "absent";
  readonly member: BlockMember;
}

/** `remove rule "x"`: the block, option or entry that fragments made, or an appliance for its target. */
export interface RemoveCore extends Node {
  readonly item: "remove";
  readonly settable: Settable;
  /** The label of the block, the key of the entry. */
  readonly label: Core | undefined;
  readonly head: Span;
}
