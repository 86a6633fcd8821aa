/** Settings of an appliance that could be less: what is tried when an image is too large. */
import {
  type Configuration,
  type Instance,
  leastOf,
  type ModuleUse,
  print,
  type RecordType,
  type RecordValue,
  useWith,
  type Value,
} from "#lang";

/** One setting, and what it may be instead. */
export interface Change {
  /** Path of the module whose setting it is. */
  readonly module: string;
  /** Code changes with it, and not only how much memory is set aside. */
  readonly isOfCode: boolean;
  /** Somebody wrote the setting because of which a part is there: it could as well be left out. */
  readonly isWritten: boolean;
  /** The greatest first. */
  readonly steps: readonly Step[];
}

export interface Step {
  /** As it would be written: `http { limits { connections = 64 } }`. */
  readonly text: string;
  readonly changed: Configuration;
}

/** Halves of a number that are tried at most. */
const MOST_HALVES = 12;

/** Options that switch something on, and numbers that may be smaller; not those that a rule of their library forbids. */
export function changesOf(configuration: Configuration): readonly Change[] {
  return configuration.modules.flatMap((use) => [
    ...switches(configuration, use),
    ...numbers(configuration, use),
  ]);
}

/** Options that are true, and for which alone a part is there. */
function switches(configuration: Configuration, use: ModuleUse): Change[] {
  const { module, instances, parts } = use;
  return parts.flatMap(({ on, conditionText, planned, setting }) => {
    const isTrue = instances.some(({ config }) => isYes(config.fields.get(conditionText)));
    if (!on || planned || !isTrue) return [];
    const off = useWith(
      configuration,
      use,
      instances.map((it) => ({
        ...it,
        config: withField(it.config, conditionText, { kind: "bool", value: false }),
      })),
    );
    if (off === undefined) return [];
    const text =
      instances.length === 1
        ? written(use, instances[0]!, `${conditionText} = false`)
        : `${conditionText} = false`;
    return [
      {
        module: module.path,
        isOfCode: true,
        isWritten: setting !== undefined,
        steps: [{ text, changed: replaced(configuration, use, off) }],
      },
    ];
  });
}

const isYes = (value: Value | undefined): boolean => value?.kind === "bool" && value.value;

/** Numbers and sizes above the least that their options allow. */
function numbers(configuration: Configuration, use: ModuleUse): Change[] {
  return use.instances.flatMap((instance, n) =>
    numbersIn(use.module.type, instance.config).flatMap(({ inner, halves }): Change[] => {
      const steps = halves.flatMap(({ value, config }): Step[] => {
        const instances = use.instances.map((it, m) => (m === n ? { ...it, config } : it));
        const less = useWith(configuration, use, instances);
        const text = written(use, instance, inner(value));
        return less ? [{ text, changed: replaced(configuration, use, less) }] : [];
      });
      return steps.length === 0
        ? []
        : [{ module: use.module.path, isOfCode: false, isWritten: false, steps }];
    }),
  );
}

interface Found {
  /** The setting with a value, in the blocks that it is in. */
  readonly inner: (value: Value) => string;
  readonly halves: readonly { readonly value: Value; readonly config: RecordValue }[];
}

function numbersIn(type: RecordType, config: RecordValue): Found[] {
  return type.members.flatMap((member): Found[] => {
    const value = config.fields.get(member.name);
    if (member.kind === "option") {
      const all = halvesOf(value, leastOf(member.type));
      if (all.length === 0) return [];
      const halves = all.map((half) => ({ value: half, config: withField(config, member.name, half) }));
      return [{ inner: (it) => `${member.name} = ${print(it)}`, halves }];
    }
    if ((member.kind === "one" || member.kind === "maybe") && value?.kind === "record")
      return numbersIn(member.block, value).map(({ inner, halves }) => ({
        inner: (it) => `${member.name} { ${inner(it)} }`,
        halves: halves.map((half) => ({ ...half, config: withField(config, member.name, half.config) })),
      }));
    return [];
  });
}

/** Down to the least. Of durations and the like there is no memory. */
function halvesOf(value: Value | undefined, least: Value | undefined): readonly Value[] {
  const [from, to] = [countOf(value), countOf(least)];
  if (from === undefined || to === undefined || value?.kind !== least?.kind) return [];
  const found: Value[] = [];
  for (let half = from / 2n; half > to && found.length < MOST_HALVES; half /= 2n)
    found.push(like(value!, half));
  return from > to ? [...found, like(value!, to)] : [];
}

const countOf = (value: Value | undefined): bigint | undefined =>
  value?.kind === "int" ? value.value : value?.kind === "size" ? value.bytes : undefined;

const like = (value: Value, count: bigint): Value =>
  value.kind === "size"
    ? { kind: "size", bytes: count > 1024n ? count & ~1023n : count }
    : { kind: "int", value: count };

const withField = (record: RecordValue, name: string, value: Value): RecordValue => ({
  ...record,
  fields: new Map([...record.fields].map(([key, old]) => [key, key === name ? value : old])),
});

const replaced = (configuration: Configuration, before: ModuleUse, after: ModuleUse): Configuration => ({
  ...configuration,
  modules: configuration.modules.map((use) => (use === before ? after : use)),
});

const written = ({ module }: ModuleUse, { label }: Instance, inner: string): string =>
  `${module.name}${label === undefined ? "" : ` ${print(label)}`} { ${inner} }`;
