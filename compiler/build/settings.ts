/** The finished settings of a module as rows of text: what `diff` compares, leaf by leaf, and what a recipe is made of. */
import {
  type Instance,
  type ModuleDecl,
  type OptionMember,
  print,
  type RecordType,
  type RecordValue,
  type Span,
  type Type,
  type Value,
} from "#lang";

/** One leaf, or the head of a block. */
export interface SettingRow {
  /** As `appl explain` takes it: `dns.zone["example.com"].primary.ttl`. */
  readonly path: string;
  /**
   * `option`: its value as it would be written, a list item by item; `block`: it is there; `order`: labels of blocks whose order counts.
   */
  readonly kind: "option" | "block" | "order";
  readonly value: string | readonly string[];
  /** Where it is set; for a default, where the option is declared. */
  readonly span: Span | undefined;
  /** The expression that made the value: it may be in a `let`. */
  readonly made: Span | undefined;
  /** Nobody wrote it: it is a default, or was counted in the lock. */
  readonly byDefault: boolean;
}

/** Everything that an instance was told, defaults included, in the order of the declaration. Equal settings give equal rows but for their spans. */
export function settingRows({ name, type }: ModuleDecl, { label, config, span }: Instance): SettingRow[] {
  const rows = new Rows();
  rows.block(label === undefined ? name : labelled(name, label), type, config, span);
  return rows.all;
}

/** A value without a declaration, leaf by leaf: `board.memory`, `board.nics[0].name`. */
export function valueRows(path: string, value: Value): (readonly [path: string, value: string])[] {
  if (value.kind === "record")
    return [...value.fields].flatMap(([name, field]) =>
      valueRows(path === "" ? name : `${path}.${name}`, field),
    );
  if (value.kind === "map")
    return [...value.entries.values()].flatMap(({ key, value: entry }) =>
      valueRows(labelled(path, key), entry),
    );
  if (value.kind === "list") return value.items.flatMap((item, n) => valueRows(`${path}[${n}]`, item));
  return [[path, print(value)]];
}

const labelled = (path: string, label: Value): string => `${path}[${print(label)}]`;

class Rows {
  readonly all: SettingRow[] = [];

  block(path: string, type: RecordType, value: RecordValue, span: Span | undefined): void {
    this.all.push({ path, kind: "block", value: [], span, made: undefined, byDefault: false });
    this.#members(path, type, value);
  }

  #members(path: string, type: RecordType, value: RecordValue): void {
    for (const member of type.members) {
      const found = value.fields.get(member.name);
      const below = `${path}.${member.name}`;
      if (found === undefined || (member.kind === "maybe" && found.kind === "none")) continue;
      if (member.kind === "option") this.#option(below, member, found, value);
      else if (member.kind === "blocks" && found.kind === "map") {
        for (const { key, value: block, head } of found.entries.values())
          this.block(labelled(below, key), member.block, block as RecordValue, head ?? block.span);
        if (member.ordered) this.#order(below, [...found.entries.values()], found.span);
      } else if (member.kind === "choice" && found.kind === "tagged") {
        const arm = member.arms.find(({ name }) => name === found.tag)!;
        this.block(`${path}.${arm.name}`, arm.block, found.payload as RecordValue, found.span);
      } else if ((member.kind === "one" || member.kind === "maybe") && found.kind === "record")
        this.block(below, member.block, found, found.span);
      else throw new Error(`BUG: ${below} is a ${found.kind}`);
    }
  }

  #option(path: string, member: OptionMember, value: Value, owner: RecordValue): void {
    const origin = owner.origins.get(member.name);
    const byDefault = origin === undefined || isCounted(member, value);
    this.#value(path, member.type, value, origin?.head ?? member.span, byDefault);
  }

  /** Records field by field and maps entry by entry, so that what is said to differ is small. */
  #value(path: string, type: Type, value: Value, span: Span | undefined, byDefault: boolean): void {
    const inner = unwrapped(type);
    if (inner.kind === "record" && value.kind === "record") return this.#members(path, inner, value);
    if (inner.kind === "map" && value.kind === "map") {
      this.all.push({ path, kind: "block", value: [], span, made: undefined, byDefault });
      for (const { key, value: entry, head } of value.entries.values())
        this.#value(labelled(path, key), inner.value, entry, head ?? span, byDefault);
      return;
    }
    const printed = value.kind === "list" ? value.items.map(print) : print(value);
    this.all.push({ path, kind: "option", value: printed, span, made: value.span, byDefault });
  }

  #order(path: string, entries: readonly { readonly key: Value }[], span: Span | undefined): void {
    this.all.push({
      path,
      kind: "order",
      value: entries.map(({ key }) => print(key)),
      span,
      made: undefined,
      byDefault: false,
    });
  }
}

/** A number that the lock keeps stands in the place of a word, and has its span; one that somebody wrote stands behind a tag. */
const isCounted = ({ counted }: OptionMember, value: Value): boolean =>
  counted !== undefined &&
  value.kind === "tagged" &&
  value.tag === counted.tag &&
  value.payload?.span?.start === value.span?.start;

/** Without names, refinements and `?`. */
function unwrapped(type: Type): Type {
  let inner = type;
  for (;;) {
    if (inner.kind === "named") inner = inner.type;
    else if (inner.kind === "refined") inner = inner.base;
    else if (inner.kind === "optional") inner = inner.inner;
    else return inner;
  }
}
