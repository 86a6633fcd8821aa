/**
 * Types of options, fields, variables and functions.
 *
 * A type is a tree: declarations may not contain themselves. Only a `Ref` leads back up, so nothing here walks through one.
 */
import type { BodyCore, Core, Fn, Variable } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import type { Device } from "./devices.ts";
import type { Scalar } from "./scalars.ts";

export type Type =
  | ScalarType
  | NamedType
  | ListType
  | MapType
  | RangeType
  | OptionalType
  | TupleType
  | RecordType
  | UnionType
  | RefType
  | DeviceType
  | SignalType
  | RefinedType
  | SecretType
  | NoneType
  | EmptyType
  | ErrorType;

/** A type of the language itself: `Int`, `Ip4`, `Duration` … */
export interface ScalarType {
  readonly kind: "scalar";
  readonly name: Scalar;
}

/** A `type` declaration: what it is called, and what it stands for. */
export interface NamedType {
  readonly kind: "named";
  readonly name: string;
  /** Path of the library (`std/dns`), or of the description's file. */
  readonly library: string;
  /** Undefined in a description of its own, else what the last part of the library's path is: `dns` for `dns.Mx`. */
  readonly qualifier: string | undefined;
  readonly docs: string | undefined;
  readonly span: Span;
  readonly type: Type;
}

export interface ListType {
  readonly kind: "list";
  readonly element: Type;
}

export interface MapType {
  readonly kind: "map";
  readonly key: Type;
  readonly value: Type;
}

export interface RangeType {
  readonly kind: "range";
  readonly element: Type;
}

/** `T?`. */
export interface OptionalType {
  readonly kind: "optional";
  readonly inner: Type;
}

export interface TupleType {
  readonly kind: "tuple";
  readonly items: readonly Type[];
}

/** Tagged, or with arms that are written differently, so that it is always clear which arm is meant. */
export interface UnionType {
  readonly kind: "union";
  readonly arms: readonly Arm[];
}

export type Arm = WordArm | TagArm | TypeArm;

export interface WordArm {
  readonly kind: "word";
  readonly word: string;
}

/** `at(Int)`; also an arm of a `choice`. */
export interface TagArm {
  readonly kind: "tag";
  readonly word: string;
  readonly payload: Type;
}

export interface TypeArm {
  readonly kind: "type";
  readonly type: Type;
}

/**
 * The label of a block that exists somewhere in the appliance; of an instance, if a module with labels is named, or an interface
 * that such modules offer.
 */
export interface RefType {
  readonly kind: "ref";
  /** Path of the library that declares it. */
  readonly library: string;
  /** `Tsig`, `Bus`. */
  readonly block: string;
  /** `dns` for `dns.Tsig`; undefined in a description. */
  readonly qualifier: string | undefined;
}

/** Something of the target's board that has a name there: `gpio4`, `eth0`. */
export interface DeviceType {
  readonly kind: "device";
  readonly of: Device;
  /** What a pin must be able to do, as the board's data calls it: `output`. */
  readonly can: readonly string[];
}

/** A value that a block of the appliance has while it runs: `air.temperature`. */
export interface SignalType {
  readonly kind: "signal";
  /** The type of that value; undefined: any. */
  readonly carries: Type | undefined;
}

/** Some values of a type. */
export interface RefinedType {
  readonly kind: "refined";
  readonly base: Type;
  readonly refinement: Refinement;
}

export type Refinement =
  | { readonly by: "in"; readonly span: Span; readonly text: string; readonly range: Core }
  | {
      readonly by: "where";
      readonly span: Span;
      readonly text: string;
      readonly it: Variable;
      readonly condition: Core;
    };

/** What a machine is given when it starts: `Secret<T>`, and `AtBoot<T>`, which is no secret and may also be a value that is known before. */
export interface SecretType {
  readonly kind: "secret";
  readonly open: boolean;
  readonly inner: Type;
}

/** The type of `none` where nothing is expected; assignable to every `T?`. */
export interface NoneType {
  readonly kind: "none";
}

/** The type of the elements of `[]` and of keys and values of `{}`; assignable to everything, since there is no such value. */
export interface EmptyType {
  readonly kind: "empty";
}

/** Of an expression that was reported: goes together with everything, so that one mistake gives one message. */
export interface ErrorType {
  readonly kind: "error";
}

// ------------------------------------------------------------------------------------------------ records and blocks

/** A record type, a block or the settings of a module. */
export interface RecordType {
  readonly kind: "record";
  readonly what: "record" | "block" | "module" | "appliance";
  /** Of a block or module, else undefined: a record's name is that of the `NamedType` around it. */
  readonly name: string | undefined;
  /** Path of the library or of the file. */
  readonly library: string;
  readonly docs: string | undefined;
  /** Where its name is declared; the type itself if it has none. */
  readonly span: Span;
  /** Type of the label that a block or module has; undefined without label. */
  readonly label: Type | undefined;
  /** In order of declaration. */
  readonly members: readonly Member[];
  /** By name. An arm of a choice is found under its own name. */
  readonly settable: ReadonlyMap<string, Settable>;
  /** Names that older descriptions use, by name. */
  readonly outdated: ReadonlyMap<string, Outdated>;
  /** `label` in checks of a labelled block. */
  readonly labelVariable: Variable | undefined;
  /** Interfaces that a module offers, qualified: `std/net.Link`. */
  readonly offers: readonly string[];
  /** In a module: its own name, which is all its instances by label, or its one record. */
  readonly selfVariable: Variable | undefined;
  /** Values that it has at run time, in order of declaration. */
  readonly signals: readonly SignalMember[];
  /** `check`s with their loops and conditions. */
  readonly checks: BodyCore | undefined;
  /** What a module can be asked, in order of declaration; each may use those before it. */
  readonly queries: readonly Query[];
}

/** `query permits(packet: Packet) -> Bool = …`: a function of a module's settings. */
export interface Query {
  readonly name: string;
  readonly docs: string | undefined;
  readonly span: Span;
  readonly params: Fn["params"];
  readonly result: Type;
  readonly value: Core;
}

/** `signal temperature : Temp`: other blocks may be wired to it; nothing reads it while the image is made. */
export interface SignalMember {
  readonly name: string;
  readonly docs: string | undefined;
  readonly span: Span;
  readonly type: Type;
}

/** `renamed a -> b`, `removed a "…"`, `deprecated a "…"`. */
export interface Outdated {
  readonly word: "renamed" | "removed" | "deprecated";
  /** The name that takes its place; one of `settable`. */
  readonly to: string | undefined;
  readonly advice: string | undefined;
  readonly span: Span;
}

/** What a name in a body may set. */
export interface Settable {
  readonly member: Member;
  /** Undefined if the name is the member's own. */
  readonly arm: ChoiceArm | undefined;
}

export type Member = OptionMember | BlocksMember | BlockMember | ChoiceMember;

interface Named {
  readonly name: string;
  readonly docs: string | undefined;
  /** The name where it is declared. */
  readonly span: Span;
  /** What an expression sees under this name. */
  readonly variable: Variable;
}

/** An option, or a field of a record. */
export interface OptionMember extends Named {
  readonly kind: "option";
  readonly type: Type;
  readonly merge: "append" | "union" | "sum" | undefined;
  /** Undefined if the number is not kept in the lock. */
  readonly counted: Counted | undefined;
  /** Undefined: it must be given. */
  readonly fallback: Fallback | undefined;
}

/** `auto | at(Int)`: the word that asks for the next number, and the tag that a number has. */
export interface Counted {
  readonly word: string;
  readonly tag: string;
}

export interface Fallback {
  /** May read the members declared before. */
  readonly core: Core;
  /** As it is written. */
  readonly text: string;
  readonly span: Span;
}

/** `blocks host : Host`: any number, each with its label. */
export interface BlocksMember extends Named {
  readonly kind: "blocks";
  readonly block: RecordType;
  readonly ordered: boolean;
  readonly min: number;
}

/** `one soa : Soa`, `maybe transfer : Transfer`. */
export interface BlockMember extends Named {
  readonly kind: "one" | "maybe";
  readonly block: RecordType;
}

/** `choice role : primary Primary | secondary Secondary`. */
export interface ChoiceMember extends Named {
  readonly kind: "choice";
  readonly arms: readonly ChoiceArm[];
}

export interface ChoiceArm {
  readonly name: string;
  readonly span: Span;
  readonly block: RecordType;
}

// ------------------------------------------------------------------------------------------------ making them

export const errorType: ErrorType = { kind: "error" };
export const noneType: NoneType = { kind: "none" };
export const emptyType: EmptyType = { kind: "empty" };

const scalarTypes = new Map<Scalar, ScalarType>();

/** Scalar types are equal by name: there is one object for each. */
export function scalar(name: Scalar): ScalarType {
  const known = scalarTypes.get(name);
  if (known) return known;
  const made: ScalarType = { kind: "scalar", name };
  scalarTypes.set(name, made);
  return made;
}

export const listOf = (element: Type): ListType => ({ kind: "list", element });
export const mapTypeOf = (key: Type, value: Type): MapType => ({ kind: "map", key, value });
export const optional = (inner: Type): Type =>
  inner.kind === "optional" ? inner : { kind: "optional", inner };

/** Without the names of `type` declarations around it. */
export function unnamed(type: Type): Exclude<Type, NamedType> {
  let inner = type;
  while (inner.kind === "named") inner = inner.type;
  return inner;
}

/** Without names and refinements around it: what operators and literals look at. */
export function bare(type: Type): Exclude<Type, NamedType | RefinedType> {
  let inner = type;
  for (;;) {
    if (inner.kind === "named") inner = inner.type;
    else if (inner.kind === "refined") inner = inner.base;
    else return inner;
  }
}

type Readable = Unread<OptionMember> | Unread<BlocksMember> | Unread<BlockMember> | Unread<ChoiceMember>;
type Unread<M> = Omit<M, "variable">;

/** The type that an expression sees when it reads the member. */
export function typeOfMember(member: Readable): Type {
  switch (member.kind) {
    case "option":
      return member.type;
    case "blocks":
      return mapTypeOf(member.block.label ?? scalar("Str"), member.block);
    case "one":
      return member.block;
    case "maybe":
      return optional(member.block);
    case "choice":
      return {
        kind: "union",
        arms: member.arms.map(({ name, block }) => ({ kind: "tag", word: name, payload: block })),
      };
  }
}
