/** What a module promises to those who use it, as data: names, types, defaults, needs. Comments, documentation and blank space are not in it. */
import {
  type BlockDescription,
  describe,
  type ModuleDecl,
  type OptionDescription,
  type TypeDescription,
} from "#lang";
import type { Json } from "../store/canonical.ts";

/** Two declarations with the same meaning have the same interface. */
export function interfaceOf(module: ModuleDecl): Json {
  const { module: own, blocks, types, queries } = describe(module.type);
  return {
    appl: "iface@1",
    name: module.path,
    many: module.multiple,
    block: block(own),
    blocks: blocks.map(block),
    types: types.map(type),
    needs: module.needs.map(({ name, interface: wanted, part }) => ({ name, interface: wanted, part })),
    offers: module.offers,
    parts: module.parts.map(({ name, text, planned }) => ({ name, when: spaced(text), planned })),
    queries: queries.map(({ name, params, result }) => ({
      name,
      takes: params.map(({ type: written }) => spaced(written)),
      type: spaced(result),
    })),
    claims: module.claims.map(({ name }) => name),
  };
}

function block({ name, label, options, blocks, signals }: BlockDescription): Json {
  return {
    name,
    label,
    options: options.map(option),
    blocks: blocks.map((inner) => ({
      name: inner.name,
      count: inner.count,
      min: inner.min,
      ordered: inner.ordered,
      of: inner.of,
      block: inner.block,
    })),
    signals: signals.map((signal) => ({ name: signal.name, type: spaced(signal.type) })),
  };
}

function option({ name, type: written, fallback, merge }: OptionDescription): Json {
  return { name, type: spaced(written), default: fallback && spaced(fallback), merge };
}

function type({ name, type: written, fields, arms }: TypeDescription): Json {
  return { name, type: spaced(written), fields: fields.map(option), arms };
}

/** Expressions are kept as they are written: how they are spaced is not what they say. */
const spaced = (text: string): string => text.replace(/\s+/g, " ").trim();
