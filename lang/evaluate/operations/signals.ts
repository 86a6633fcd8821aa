/** What rules of libraries may ask of a signal: not its value, but which one it is. */
import type { Bench, Operation } from "../../check/core.ts";
import { printType } from "../../types/print.ts";
import { bare, scalar, type Type } from "../../types/type.ts";
import { bool, str, type Value } from "../../values/value.ts";
import { canBe } from "../arm.ts";
import type { Builtin } from "./builtin.ts";

/** A signal in a `let` has no block yet. */
function typeOf(value: Value | undefined, bench: Bench): Type {
  if (value?.kind !== "signal") throw new Error("BUG: no signal");
  return value.bound?.type ?? bench.fail("which block this signal is of is not known here");
}

/** `name`: as the user wrote it. `carries`: the type of its values. */
export const signalFields: Readonly<Record<string, Operation>> = {
  name: ([signal]) => str(signal?.kind === "signal" ? signal.text : ""),
  carries: ([signal], bench) => str(printType(typeOf(signal, bench))),
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
    run: ([signal, value], bench) => bool(canBe(value!, bare(typeOf(signal, bench)))),
  },
};
