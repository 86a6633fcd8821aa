/** Settings as values of their variables, and questions to modules. */
import type { Core, Fn } from "../check/core.ts";
import { hasRefs } from "../types/holds.ts";
import type { Query, RecordType } from "../types/type.ts";
import { none, type RecordValue, type Value } from "../values/value.ts";
import { bindInModule } from "./bind.ts";
import type { Machine } from "./machine.ts";

/** Settings of a block become values of their variables. */
export function bindRecord(
  type: RecordType,
  value: RecordValue | undefined,
  label: Value | undefined,
  machine: Machine,
): void {
  for (const { name, variable } of type.members) {
    const field = value?.fields.get(name);
    if (field) machine.values.set(variable, field);
    else machine.values.delete(variable);
  }
  if (!type.labelVariable) return;
  if (label) machine.values.set(type.labelVariable, label);
  else machine.values.delete(type.labelVariable);
}

/** Arguments become values of parameters; defaults are evaluated for what is not given. */
export function bindParams(params: Fn["params"], args: readonly Value[], machine: Machine): void {
  for (let n = 0; n < params.length; n++) {
    const { variable, fallback } = params[n]!;
    machine.values.set(variable, args[n] ?? (fallback ? machine.evaluate(fallback) : none));
  }
}

/** Evaluates a query over a module's settings; the settings that are being looked at meanwhile stay as they are. */
export function askModule(
  type: RecordType,
  query: Query,
  self: Value,
  args: readonly Value[],
  machine: Machine,
): Value {
  const { selfVariable, members, label } = type;
  const variables = [...members.map(({ variable }) => variable), ...(selfVariable ? [selfVariable] : [])];
  const before = variables.map((variable) => [variable, machine.values.get(variable)] as const);
  if (selfVariable) machine.values.set(selfVariable, self);
  if (!label) bindRecord(type, self as RecordValue, undefined, machine);
  try {
    const bound = args.map((arg, index) =>
      hasRefs(query.params[index]!.variable.type) ? bindInModule(arg, type, self, machine) : arg,
    );
    bindParams(query.params, bound, machine);
    return machine.evaluate(query.value);
  } finally {
    for (const [variable, value] of before)
      if (value) machine.values.set(variable, value);
      else machine.values.delete(variable);
  }
}

export const evaluateAll = (cores: readonly Core[], machine: Machine): readonly Value[] =>
  cores.map((core) => machine.evaluate(core));
