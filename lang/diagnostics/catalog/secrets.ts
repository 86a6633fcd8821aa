/** E03xx, W03xx: secrets. */
import type { Span } from "../../source/span.ts";
import { kind } from "../diagnostic.ts";

/** What a secret was to be used for. */
export type SecretUse =
  | "stored"
  | "text"
  | "compared"
  | "asked"
  | "measured"
  | "hashed"
  | "calculated"
  | "opened";

const uses: Readonly<
  Record<SecretUse, { readonly would: string; readonly label: string; readonly help: string }>
> = {
  stored: {
    would: "become part of the image",
    label: "everybody who has the image could read it there",
    help: "hand it to an option of type `Secret<…>`: `appl doc` names the options of a module",
  },
  text: {
    would: "become part of a text",
    label: "this text is part of the image",
    help: "give the text without it, and hand the secret to an option of type `Secret<…>`: the device puts the two together",
  },
  compared: {
    would: "be compared",
    label: "the answer would tell something about it, and nobody knows it yet",
    help: "if something depends on what is used where, make that a param: `param internal : Bool = false`",
  },
  asked: {
    would: "decide something",
    label: "nobody knows it while the image is made",
    help: "make what is to be decided a param: `param internal : Bool = false`",
  },
  measured: {
    would: "be measured",
    label: "nobody knows it while the image is made",
    help: "say in its type how long it is: `type Key = Bytes where len(it) >= 16`; it is checked when a machine is given it",
  },
  hashed: {
    would: "be hashed",
    label: "whoever has the hash of a weak secret can guess the secret",
    help: "if the device wants a hash, declare the hash itself as the secret",
  },
  calculated: {
    would: "be calculated with",
    label: "nobody knows it while the image is made",
    help: "do the calculation where the secret is made, and declare its result as a secret",
  },
  opened: {
    would: "be looked into",
    label: "nobody knows what is in it while the image is made",
    help: "declare a secret for each part that is needed alone",
  },
};

export const secrets = {
  E0310: kind<{
    subject: string | undefined;
    /** What the secret holds: `wifi.Passphrase`. */
    type: string;
    given: "literal" | "file" | "value";
    /** As it is written, if it may be shown. */
    written: string;
    path: string;
  }>({
    title: "A secret in the description",
    text: ({ subject, given, written }) => {
      const what = subject ? `\`${subject}\` is a Secret` : "a Secret is wanted here";
      if (given === "file") return `${what}, and a secret may not be read while the image is made`;
      return given === "literal"
        ? `${what}, and a secret may not be written in the description`
        : `${what}, and \`${written}\` is an ordinary value`;
    },
    label: ({ given }) =>
      given === "literal"
        ? "this text would be stored in the image, the cache and the lock"
        : given === "file"
          ? "what is in this file would be stored in the image and the cache"
          : "this value would be stored in the image and the cache",
    help: ({ subject, type, given, path }) => {
      const name = subject && /^[a-z_]\w*$/.test(subject) ? subject : "key";
      const library = /^(\w+)\./.exec(type)?.[1];
      const from =
        given === "file"
          ? `sealed "${path}.sealed"`
          : `boot "${library ? `${library}/` : ""}${name.replaceAll("_", "-")}"`;
      return `declare it once and say where the device gets it:\nsecret ${name} : ${type} from ${from}\n... ${name} = ${name}`;
    },
    note: ({ given, subject }) =>
      given === "literal"
        ? [
            `this text has now been in a source file: change the ${subject ?? "secret"}`,
            "the text is masked here, in logs and in JSON diagnostics",
          ]
        : undefined,
  }),

  E0311: kind<{
    secret: string | undefined;
    /** It is not one itself, but a list or record with one in it. */
    holds: boolean;
    use: SecretUse;
    subject?: string | undefined;
  }>({
    title: "A secret may only be handed on",
    text: ({ secret, holds, use, subject }) =>
      `${secret ? `\`${secret}\`` : "this"} ${holds ? "holds" : "is"} a secret, and here it would ${uses[use].would}${use === "stored" && subject ? ` as \`${subject}\`` : ""}`,
    label: ({ use }) => uses[use].label,
    help: ({ use }) => uses[use].help,
    note: () => "a secret is a slot: what is in it is only known to the machine that runs the image",
  }),

  E0318: kind<{ slot: string; instead: string | undefined; edit: Span }>({
    title: "A slot without a proper name",
    text: ({ slot }) => `\`${slot === "" ? '""' : slot}\` cannot be the name of a slot`,
    label: () => "not a name that every machine could look for",
    help: ({ instead, edit }) =>
      instead === undefined
        ? undefined
        : { text: `write \`"${instead}"\``, edit: { span: edit, text: `"${instead}"` } },
    note: () =>
      "names of slots are lower-case letters, digits, `-`, `_` and `.`, with `/` between parts, 100 characters at most: `tsig/xfr`",
  }),

  E0319: kind<{ what: "slot" | "file" | "name"; name: string; first: string; second: string }>({
    title: "Two values in one slot",
    text: ({ what, name, first, second }) =>
      what === "name"
        ? `two of what machines are given are called \`${name}\``
        : `\`${first}\` and \`${second}\` would both come from the ${what} \`${name}\``,
    label: ({ what }) => (what === "name" ? "again here" : "also from there"),
    help: ({ what, first }) =>
      what === "name"
        ? "give one of them another name: a machine keeps what it is given by its name"
        : `use \`${first}\` in both places, or give the second its own ${what}`,
  }),

  W0302: kind<{ name: string; from: string; open: boolean }>({
    title: "A secret that nobody uses",
    severity: "warning",
    text: ({ name, open }) => `the ${open ? "param" : "secret"} \`${name}\` is not used`,
    label: ({ from }) => (from === "boot" ? "machines would be asked for it for nothing" : "declared here"),
    help: ({ name, open }) =>
      `hand it to an option of type \`${open ? "AtBoot" : "Secret"}<…>\`, like \`key = ${name}\`, or remove the line`,
  }),
} as const;
