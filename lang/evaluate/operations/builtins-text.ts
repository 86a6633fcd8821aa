/** Built-in functions over texts and numbers. */
import type { Operation } from "../../check/core.ts";
import { rowOf } from "../../types/scalars.ts";
import { bare, listOf, scalar, type Type } from "../../types/type.ts";
import { plain } from "../../values/print.ts";
import { amountOf, MAX_AMOUNT } from "../../values/quantity.ts";
import { compileRegex } from "../../values/regex.ts";
import {
  bool,
  type ListValue,
  list,
  type RegexValue,
  type StrValue,
  str,
  type Value,
} from "../../values/value.ts";
import type { Builtin } from "./builtin.ts";

const textOf = (value: Value | undefined): string => (value as StrValue).value;

function isText(type: Type | undefined): boolean {
  const it = bare(type!);
  return it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).kind === "str");
}

const allTexts =
  (result: Type): Builtin["type"] =>
  (args) =>
    args.every(isText) ? result : "wants texts";

/** A text function: its work counts by the length of what comes out. */
const texts =
  (run: (...args: readonly string[]) => string): Operation =>
  (args, bench) => {
    const made = run(...args.map(textOf));
    bench.spend(1 + (made.length >> 6));
    bench.allow(made.length);
    return str(made);
  };

/** ASCII only: other letters have no case that is the same everywhere. */
const upper = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 32));
const lower = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

const counted =
  (type: "Size" | "Duration", factor: bigint): Operation =>
  ([value], bench) => {
    const amount = value!.kind === "int" ? value!.value : 0n;
    if (amount < 0n) bench.fail(`a ${type} is not below zero`, 0);
    if (amount * factor > MAX_AMOUNT) bench.fail("this is more than can be counted", 0);
    return amountOf(type, amount * factor);
  };

export const textBuiltins: Readonly<Record<string, Builtin>> = {
  join: {
    signature: "join(List<Str>, Str) -> Str",
    docs: "The texts of a list, with another between each two.",
    params: [undefined, scalar("Str")],
    type: ([type]) => {
      const it = bare(type!);
      const fits =
        it.kind === "error" ||
        (it.kind === "list" && (bare(it.element).kind === "empty" || isText(it.element)));
      return fits ? scalar("Str") : "wants a list of texts";
    },
    run: ([items, between], bench) => {
      const parts = (items as ListValue).items.map(plain);
      const separator = textOf(between);
      const length = parts.reduce((total, part) => total + part.length + separator.length, 0);
      bench.allow(length);
      bench.spend(parts.length + (length >> 6));
      return str(parts.join(separator));
    },
  },
  split: {
    signature: "split(Str, Str) -> List<Str>",
    docs: "The parts of a text between each two separators.",
    params: [undefined, scalar("Str")],
    type: allTexts(listOf(scalar("Str"))),
    run: ([text, separator], bench) => {
      if (textOf(separator) === "") return bench.fail("a separator is not empty", 1);
      const parts = textOf(text).split(textOf(separator));
      bench.spend(parts.length + (textOf(text).length >> 6));
      return list(parts.map((part) => str(part)));
    },
  },
  upper: {
    signature: "upper(Str) -> Str",
    docs: "With the letters a to z as A to Z.",
    params: [undefined],
    type: allTexts(scalar("Str")),
    run: texts((text) => upper(text!)),
  },
  lower: {
    signature: "lower(Str) -> Str",
    docs: "With the letters A to Z as a to z.",
    params: [undefined],
    type: allTexts(scalar("Str")),
    run: texts((text) => lower(text!)),
  },
  replace: {
    signature: "replace(Str, Str, Str) -> Str",
    docs: "The text with each occurrence of the second replaced by the third.",
    params: [undefined, scalar("Str"), scalar("Str")],
    type: allTexts(scalar("Str")),
    run: ([text, from, to], bench) => {
      if (textOf(from) === "") return bench.fail("what is replaced is not empty", 1);
      const parts = textOf(text).split(textOf(from));
      const length = textOf(text).length + parts.length * textOf(to).length;
      bench.allow(length);
      bench.spend(1 + (length >> 6));
      return str(parts.join(textOf(to)));
    },
  },
  starts_with: {
    signature: "starts_with(Str, Str) -> Bool",
    docs: "Whether a text begins with another.",
    params: [undefined, undefined],
    type: allTexts(scalar("Bool")),
    run: ([text, start], bench) => {
      bench.spend(1 + (textOf(start).length >> 6));
      return bool(textOf(text).startsWith(textOf(start)));
    },
  },
  ends_with: {
    signature: "ends_with(Str, Str) -> Bool",
    docs: "Whether a text ends with another.",
    params: [undefined, undefined],
    type: allTexts(scalar("Bool")),
    run: ([text, end], bench) => {
      bench.spend(1 + (textOf(end).length >> 6));
      return bool(textOf(text).endsWith(textOf(end)));
    },
  },
  "regex.groups": {
    signature: "regex.groups(Regex) -> List<Str>",
    docs: "What a replacement can name: `1`, `2` … for the groups of a pattern, and the names of those that have one.",
    params: [scalar("Regex")],
    type: () => listOf(scalar("Str")),
    run: ([pattern]) => {
      const compiled = compileRegex((pattern as RegexValue).pattern);
      if (!compiled.ok) throw new Error("BUG: a faulty pattern reached the evaluator");
      return list(compiled.value.groups.map((group) => str(group)));
    },
  },
  "int.hex": {
    signature: "int.hex(Int) -> Str",
    docs: "As it is written in hexadecimal: `0x44`.",
    params: [undefined],
    type: ([type]) => {
      const it = bare(type!);
      return it.kind === "error" || (it.kind === "scalar" && rowOf(it.name).kind === "int")
        ? scalar("Str")
        : "wants a whole number";
    },
    run: ([value]) => {
      const number = value!.kind === "int" ? value!.value : 0n;
      return str(`${number < 0n ? "-" : ""}0x${(number < 0n ? -number : number).toString(16)}`);
    },
  },
  "size.bytes": {
    signature: "size.bytes(Int) -> Size",
    docs: "So many bytes.",
    params: [scalar("Int")],
    type: () => scalar("Size"),
    run: counted("Size", 1n),
  },
  "duration.seconds": {
    signature: "duration.seconds(Int) -> Duration",
    docs: "So many seconds.",
    params: [scalar("Int")],
    type: () => scalar("Duration"),
    run: counted("Duration", 1_000_000_000n),
  },
};
