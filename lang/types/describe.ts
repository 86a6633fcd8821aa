/** What a module can be told, as data: for its page in the manual, for completion, for a schema. */
import { printArm, printType } from "./print.ts";
import type { Member, NamedType, Query, RecordType, Type } from "./type.ts";

export interface BlockDescription {
  /** `dns`, `Zone`. */
  readonly name: string;
  readonly docs: string | undefined;
  /** Type of its label, as written: `DomainName | Cidr`. */
  readonly label: string | undefined;
  readonly options: readonly OptionDescription[];
  readonly blocks: readonly InnerDescription[];
  readonly signals: readonly SignalDescription[];
}

/** A value that the block has while the appliance runs. */
export interface SignalDescription {
  readonly name: string;
  readonly docs: string | undefined;
  readonly type: string;
}

export interface OptionDescription {
  readonly name: string;
  readonly docs: string | undefined;
  /** As a user would write it. */
  readonly type: string;
  /** Undefined: it must be given. */
  readonly fallback: string | undefined;
  readonly merge: string | undefined;
}

export interface InnerDescription {
  /** What it is called in a description: `zone`, `primary`. */
  readonly name: string;
  readonly docs: string | undefined;
  /** `one`: exactly one. `maybe`: at most one. `many`: any number with labels, at least `min`. `choice`: one of those with the same `of`. */
  readonly count: "one" | "maybe" | "many" | "choice";
  readonly min: number;
  readonly ordered: boolean;
  /** The choice that it is an arm of. */
  readonly of: string | undefined;
  /** The name of the block: `Zone`. */
  readonly block: string;
}

export interface TypeDescription {
  /** `Mx`, or with the library's name if it is another one's: `net.Address`. */
  readonly name: string;
  readonly docs: string | undefined;
  /** What it stands for, as written: `Int in 0..255`; of a record only `record`. */
  readonly type: string;
  /** Of a record. */
  readonly fields: readonly OptionDescription[];
  /** Of a union. */
  readonly arms: readonly string[];
}

export interface QueryDescription {
  readonly name: string;
  readonly docs: string | undefined;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  readonly result: string;
}

export interface Description {
  readonly module: BlockDescription;
  /** Every block inside, once, in the order in which they are met. */
  readonly blocks: readonly BlockDescription[];
  /** Every named type that is mentioned, once, in the order in which they are met. */
  readonly types: readonly TypeDescription[];
  /** What the module can be asked. */
  readonly queries: readonly QueryDescription[];
}

/** Everything that the settings of a module (`ModuleDecl.type`) are made of. */
export function describe(module: RecordType): Description {
  const found = new Found(module.library);
  const own = found.describe(module);
  const queries = module.queries.map((query) => found.query(query));
  return { module: own, blocks: [...found.blocks.values()], types: [...found.types.values()], queries };
}

class Found {
  readonly blocks = new Map<RecordType, BlockDescription>();
  readonly types = new Map<Type, TypeDescription>();
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  describe(block: RecordType): BlockDescription {
    const options: OptionDescription[] = [];
    const inner: InnerDescription[] = [];
    if (block.label) this.#mention(block.label);
    for (const member of block.members) {
      if (member.kind === "option") options.push(this.#option(member));
      else inner.push(...this.#inner(member));
    }
    const label = block.label && printType(block.label, this.#home);
    const signals = block.signals.map(({ name, docs, type }) => {
      this.#mention(type);
      return { name, docs, type: printType(type, this.#home) };
    });
    return { name: block.name ?? "", docs: block.docs, label, options, blocks: inner, signals };
  }

  query({ name, docs, params, result }: Query): QueryDescription {
    const text = (type: Type): string => {
      this.#mention(type);
      return printType(type, this.#home);
    };
    return {
      name,
      docs,
      params: params.map(({ variable }) => ({ name: variable.name, type: text(variable.type) })),
      result: text(result),
    };
  }

  #option(member: Extract<Member, { kind: "option" }>): OptionDescription {
    this.#mention(member.type);
    const { name, docs, type, fallback, merge } = member;
    return { name, docs, type: printType(type, this.#home), fallback: fallback?.text, merge };
  }

  #inner(member: Exclude<Member, { kind: "option" }>): readonly InnerDescription[] {
    if (member.kind === "choice")
      return member.arms.map(({ name, block }) => {
        this.#visit(block);
        return {
          name,
          docs: member.docs ?? block.docs,
          count: "choice",
          min: 0,
          ordered: false,
          of: member.name,
          block: block.name!,
        };
      });
    this.#visit(member.block);
    const many = member.kind === "blocks";
    return [
      {
        name: member.name,
        docs: member.docs ?? member.block.docs,
        count: many ? "many" : (member.kind as "one" | "maybe"),
        min: many ? member.min : 0,
        ordered: many && member.ordered,
        of: undefined,
        block: member.block.name!,
      },
    ];
  }

  #visit(block: RecordType): void {
    if (this.blocks.has(block)) return;
    this.blocks.set(block, {
      name: "",
      docs: undefined,
      label: undefined,
      options: [],
      blocks: [],
      signals: [],
    }); // keeps its place
    this.blocks.set(block, this.describe(block));
  }

  /** Remembers the named types in a type. */
  #mention(type: Type): void {
    if (type.kind === "named") {
      if (this.types.has(type.type)) return;
      this.types.set(type.type, this.#named(type, []));
      this.types.set(type.type, this.#named(type, this.#fields(type.type)));
      return;
    }
    for (const part of partsOf(type)) this.#mention(part);
  }

  #fields(type: Type): readonly OptionDescription[] {
    if (type.kind === "record")
      return type.members.flatMap((member) => (member.kind === "option" ? [this.#option(member)] : []));
    this.#mention(type);
    return [];
  }

  #named(type: NamedType, fields: readonly OptionDescription[]): TypeDescription {
    const inner = type.type;
    return {
      name: printType(type, this.#home),
      docs: type.docs,
      type: inner.kind === "record" ? "record" : printType(inner, this.#home),
      fields,
      arms: inner.kind === "union" ? inner.arms.map((arm) => printArm(arm, this.#home)) : [],
    };
  }
}

/** The types that a type is directly made of. */
function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "list":
    case "range":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "optional":
    case "secret":
      return [type.inner];
    case "signal":
      return type.carries ? [type.carries] : [];
    case "refined":
      return [type.base];
    case "tuple":
      return type.items;
    case "union":
      return type.arms.flatMap((arm) =>
        arm.kind === "tag" ? [arm.payload] : arm.kind === "type" ? [arm.type] : [],
      );
    case "record":
      return type.what === "record"
        ? type.members.flatMap((member) => (member.kind === "option" ? [member.type] : []))
        : [];
    default:
      return [];
  }
}
