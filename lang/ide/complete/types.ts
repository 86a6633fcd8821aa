/** Names of types. */
import type { Fact } from "../../check/recorder.ts";
import { devices } from "../../types/devices.ts";
import { printType } from "../../types/print.ts";
import { generics, scalars } from "../../types/scalars.ts";
import type { Completion } from "./completion.ts";
import type { Known } from "./values.ts";

export function typesFor(
  { expr, scope, ref }: Extract<Fact, { fact: "typeName" }>,
  { probed }: Known,
): readonly Completion[] {
  const checker = probed.front?.checker;
  if (!checker) return [];
  const { unit } = scope.top;
  const qualified = expr.qualifier && unit.imports.get(expr.qualifier.text)?.unit;
  const of = (from: typeof unit, prefix: string): readonly Completion[] => {
    const declarations = checker.declarations(from);
    if (ref)
      return [...declarations.blockNames(), ...declarations.interfaceNames()].map((name) => ({
        label: prefix + name,
        kind: "type",
        rank: 0,
      }));
    return declarations.typeNames().map((name) => {
      const type = declarations.type(name);
      return {
        label: prefix + name,
        kind: "type",
        rank: 0,
        detail: type?.kind === "named" ? printType(type.type) : undefined,
        docs: type?.kind === "named" ? type.docs : undefined,
      };
    });
  };
  if (expr.qualifier) return qualified ? of(qualified, "") : [];
  const imported = [...unit.imports]
    .flatMap(([alias, used]) => of(used.unit, `${alias}.`))
    .map((each) => ({ ...each, rank: 3 }));
  if (ref) return [...of(unit, ""), ...imported];
  const own = Object.entries(scalars).map(
    ([label, { example }]): Completion => ({ label, kind: "type", rank: 1, detail: `like ${example}` }),
  );
  const wrapping = Object.entries(generics).map(
    ([name, count]): Completion => ({
      label: name,
      kind: "type",
      rank: 2,
      snippet: count === 1 ? `${name}<$0>` : `${name}<\${1:Str}, \${2:Str}>`,
    }),
  );
  return [
    ...of(unit, ""),
    ...own,
    ...wrapping,
    ...[...devices, "Signal"].map((label): Completion => ({ label, kind: "type", rank: 2 })),
    ...imported,
  ];
}
