/** What rules of libraries may ask of a signal: not its value, but which one it is. */
import type { Operation } from "../../check/core.ts";
import { printType } from "../../types/print.ts";
import { bare, scalar } from "../../types/type.ts";
import { bool, type SignalValue, str, type Value } from "../../values/value.ts";
import { canBe } from "../arm.ts";
import type { Builtin } from "./builtin.ts";

function signalOf(
  value: Value | undefined,
): SignalValue & { readonly bound: NonNullable<SignalValue["bound"]> } {
  if (value?.kind !== "signal" || !value.bound) throw new Error("BUG: a signal without its block");
  return { ...value, bound: value.bound };
}

/** `name`: as the user wrote it. `carries`: the type of its values. */
export const signalFields: Readonly<Record<string, Operation>> = {
  name: ([signal]) => str(signalOf(signal).text),
  carries: ([signal]) => str(printType(signalOf(signal).bound.type)),
};

export const signalBuiltins: Readonly<Record<string, Builtin>> = {
  carries: {
    signature: "carries(Signal, value) -> Bool",
    docs: "Whether the values of a signal are of the type of this value, so that they can be compared while the appliance runs.",
    params: [undefined, undefined],
    type: ([signal]) => {
      const it = bare(signal!);
      return it.kind === "signal" || it.kind === "error" ? scalar("Bool") : "wants a signal and a value";
    },
    run: ([signal, value]) => bool(canBe(value!, bare(signalOf(signal).bound.type))),
  },
};
