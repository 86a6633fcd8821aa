/** E02xx: values of the wrong type. */
import { type Help, kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

/** Where the type that was expected is declared. */
export interface Declared {
  /** `source : any | Cidr`. */
  readonly text: string;
  /** `std/firewall.appl:31:10`. */
  readonly place: string;
}

const declaredAt = (declared: Declared | undefined): string | undefined =>
  declared && `\`${declared.text}\` is declared at ${declared.place}`;

export const types = {
  E0201: kind<{
    subject: string | undefined;
    expected: string;
    found: string;
    help?: string | Help | undefined;
    declared?: Declared | undefined;
  }>({
    title: "The wrong type",
    text: ({ subject, expected, found }) =>
      subject
        ? `\`${subject}\` wants ${expected}, and this is ${found}`
        : `this should be ${expected}, and it is ${found}`,
    label: ({ found }) => found,
    help: ({ help }) => help,
    note: ({ declared }) => declaredAt(declared),
  }),

  E0202: kind<{ raw: string; unit: string; instead: readonly string[]; units: readonly string[] }>({
    title: "Unknown unit",
    text: ({ unit, raw }) => `\`${unit}\` in \`${raw}\` is no unit`,
    label: () => "not a unit",
    help: ({ instead }) =>
      instead.length > 0 ? `did you mean ${instead.map((it) => `\`${it}\``).join(" or ")}?` : undefined,
    note: ({ units }) => (units.length > 0 ? `units: ${units.join(" ")}` : undefined),
  }),

  E0203: kind<{
    subject: string | undefined;
    type: string;
    raw: string;
    instead: readonly string[];
    units: readonly string[];
  }>({
    title: "A number without its unit",
    text: ({ subject, type, raw }) =>
      subject
        ? `\`${subject}\` is ${type}, and \`${raw}\` has no unit`
        : `${type} is expected here, and \`${raw}\` has no unit`,
    label: ({ raw }) => `${raw} of what?`,
    help: ({ instead }) => `write ${instead.map((it) => `\`${it}\``).join(" or ")}`,
    note: ({ units }) => `units: ${units.join(" ")}`,
  }),

  E0204: kind<{
    subject: string | undefined;
    raw: string;
    bits: number;
    network: Help;
    declared?: Declared | undefined;
  }>({
    title: "A machine instead of a network",
    text: ({ subject, raw }) =>
      `\`${raw}\` is one machine's address, but ${subject ? `\`${subject}\` wants` : "this is to be"} a whole network`,
    label: ({ bits }) => (bits === 1 ? "the last bit is not zero" : `the last ${bits} bits are not zero`),
    help: ({ network }) => network,
    note: ({ declared }) => declaredAt(declared),
  }),

  E0205: kind<{
    subject: string | undefined;
    raw: string;
    reason: string;
    example: string | undefined;
    declared?: Declared | undefined;
  }>({
    title: "A network instead of a machine",
    text: ({ subject, raw }) =>
      `\`${raw}\` is no machine's address, but ${subject ? `\`${subject}\` wants` : "this is to be"} one`,
    label: ({ reason }) => reason,
    help: ({ example }) =>
      example ? `give the machine's own address in that network, like \`${example}\`` : undefined,
    note: ({ declared }) => declaredAt(declared),
  }),

  E0206: kind<{
    subject: string | undefined;
    word: string;
    words: readonly string[];
    habit?: Help | undefined;
    declared?: Declared | undefined;
  }>({
    title: "Not one of the words",
    text: ({ subject, word, words }) =>
      `\`${word}\` is not one of the ${words.length === 1 ? "values" : "words"} ${subject ? `of \`${subject}\`` : "that are expected here"}`,
    label: () => "unknown word",
    help: ({ word, words, habit }) => habit ?? didYouMean(word, words),
    note: ({ words }) =>
      `${words.length === 1 || words.some((each) => !/^\w+$/.test(each) || /^[A-Z]/.test(each)) ? "it can be" : "words"}: ${words.join(", ")}`,
  }),

  E0207: kind<{
    operator: string;
    left: string;
    right: string | undefined;
    help?: Help | string | undefined;
  }>({
    title: "An operator for other types",
    text: ({ operator, left, right }) =>
      right === undefined
        ? `\`${operator}\` does not apply to ${left}`
        : `\`${operator}\` does not apply to ${left} and ${right}`,
    label: ({ left, right }) => (right === undefined ? left : `${left} ${"and"} ${right}`),
    help: ({ help }) => help,
  }),

  E0208: kind<{ what: string }>({
    title: "The type cannot be known",
    text: ({ what }) => `what ${what} is of cannot be known here`,
    label: () => "of which type?",
    help: () => "give the `let` a type, like `let names : List<Str> = []`",
  }),

  E0209: kind<{ name: string; signature: string; reason: string }>({
    title: "A function called wrongly",
    text: ({ name, reason }) => `\`${name}\` ${reason}`,
    label: () => "in this call",
    note: ({ signature }) => signature,
  }),

  E0210: kind<{ first: string; other: string }>({
    title: "A list of different things",
    text: ({ first, other }) => `the elements of a list have one type, and this is ${other} after ${first}`,
    label: ({ other }) => other,
  }),

  E0211: kind<{
    block: string;
    problem: "missing" | "none" | "many";
    type: string | undefined;
    example: string;
  }>({
    title: "A label too many or too few",
    text: ({ block, problem }) =>
      problem === "missing"
        ? `\`${block}\` needs a label`
        : problem === "none"
          ? `\`${block}\` has no label`
          : `\`${block}\` has one label`,
    label: ({ problem, type }) =>
      problem === "missing"
        ? type === "Str"
          ? "what is it called?"
          : `which \`${type}\`?`
        : problem === "none"
          ? "there is only one of it"
          : "one too many",
    help: ({ example }) => `write \`${example}\``,
  }),

  E0212: kind<{ name: string; reason: string; example: string; edit?: Help["edit"] }>({
    title: "A block or a value",
    text: ({ name, reason }) => `\`${name}\` ${reason}`,
    label: ({ example, edit }) => (edit ? "a value" : `write \`${example}\``),
    help: ({ example, edit }) => edit && { text: `write \`${example}\``, edit },
  }),

  E0213: kind<{ name: string; of: string }>({
    title: "A word and a variable",
    text: ({ name, of }) => `\`${name}\` is a variable here, and also ${of}`,
    label: () => "which of the two?",
    help: ({ name, of }) => `\`.${name}\` is ${of}; rename the variable to use that`,
  }),

  E0214: kind<{ first: string; second: string; shape: string }>({
    title: "Arms that look the same",
    text: ({ first, second }) => `\`${first}\` and \`${second}\` could not be told apart`,
    label: ({ shape }) => `both ${shape}`,
    help: () => "give them tags, like `plain(Str) | other(Url)`",
  }),

  E0215: kind<{ name: string; isBlock: boolean }>({
    title: "A type inside itself",
    text: ({ name }) => `\`${name}\` would contain itself without end`,
    label: () => "leads back to it",
    help: ({ name, isBlock }) =>
      isBlock
        ? `refer to it by its label: \`Ref<${name}>\``
        : "write out as many levels as there really are, each a type of its own",
  }),

  E0216: kind<{ name: string; expected: number; found: number }>({
    title: "The wrong number of type arguments",
    text: ({ name, expected, found }) =>
      `\`${name}\` takes ${expected === 0 ? "no type" : expected === 1 ? "one type" : `${expected} types`} between \`<\` and \`>\`, and here ${found === 1 ? "is 1" : `are ${found}`}`,
    label: () => "here",
  }),

  E0217: kind<{ missing: readonly string[] }>({
    title: "A match that leaves cases out",
    text: ({ missing }) =>
      `this \`match\` does not say what ${missing.map((it) => `\`${it}\``).join(", ")} gives`,
    label: () => "not complete",
    help: ({ missing }) => `add \`${missing[0]} => …\``,
  }),

  E0218: kind<{ found: string; help?: Help | undefined }>({
    title: "Nothing to go through",
    text: ({ found }) => `\`for\` goes through lists, maps, blocks and ranges, and this is ${found}`,
    label: ({ found }) => found,
    help: ({ help }) => help,
  }),

  E0219: kind<{ what: string; type: string; why: string }>({
    title: "A type that cannot stand here",
    text: ({ what, type }) => `${type} cannot be ${what}`,
    label: ({ why }) => why,
  }),

  E0220: kind<{ name: string; by: string; values: readonly string[] }>({
    title: "An arm that never counts",
    text: ({ name, by }) =>
      by === "twice" ? `\`${name}\` has an arm already` : `\`${name}\` is not one of the cases`,
    label: ({ by }) => (by === "twice" ? "never reached" : "cannot be"),
    help: ({ name, values, by }) => (by === "twice" ? undefined : didYouMean(name, values)),
    note: ({ values }) => (values.length > 0 ? `cases: ${values.join(", ")}` : undefined),
  }),

  E0221: kind<{ text: string; takers: readonly string[] }>({
    title: "A signal read too early",
    text: ({ text }) => `\`${text}\` is a signal: it has a value only while the appliance runs`,
    label: () => "cannot be read while the image is made",
    help: ({ takers }) =>
      takers.length === 0
        ? "give it to an option that takes a signal: no library in use has one"
        : `give it to an option that takes a signal, and say there what follows from its value: ${takers.slice(0, 4).join(", ")}${takers.length > 4 ? " …" : ""}`,
  }),

  E0222: kind<{ name: string; type: string; names: readonly string[] }>({
    title: "A block in place of a signal",
    text: ({ name, type }) => `a \`${type}\` is wanted here, and \`${name}\` is no signal`,
    label: () => "which of its signals?",
    help: ({ name }) =>
      `if \`${name}\` is a block, say which of its signals behind a point: \`${name}.SIGNAL\``,
    note: ({ names }) =>
      names.length > 0
        ? `signals of the libraries in use: ${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}`
        : undefined,
  }),
} as const;
