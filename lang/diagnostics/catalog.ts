/**
 * Every diagnostic of the language, in one table. Codes are never reused.
 *
 * | codes | phase | file |
 * | --- | --- | --- |
 * | E00xx | lexer and parser | `catalog/syntax.ts` |
 * | E01xx | names | `catalog/names.ts` |
 * | E015x, E016x | packages and the lock | `catalog/lock.ts` |
 * | E02xx | types | `catalog/types.ts` |
 * | E03xx | values and files | `catalog/values.ts`; secrets in `catalog/secrets.ts`, files of data in `catalog/data.ts` |
 * | E04xx | expansion and merging | `catalog/merge.ts` |
 * | E05xx | references | `catalog/references.ts` |
 * | E06xx | boards: pins, devices | `catalog/boards.ts` |
 * | E07xx | checks; libraries declare further ones | `catalog/domain.ts` |
 */
import type { Span } from "../source/span.ts";
import { boards } from "./catalog/boards.ts";
import { data } from "./catalog/data.ts";
import { domain } from "./catalog/domain.ts";
import { lock } from "./catalog/lock.ts";
import { merge } from "./catalog/merge.ts";
import { names } from "./catalog/names.ts";
import { references } from "./catalog/references.ts";
import { secrets } from "./catalog/secrets.ts";
import { syntax } from "./catalog/syntax.ts";
import { types } from "./catalog/types.ts";
import { values } from "./catalog/values.ts";
import { type Diagnostic, fill, type Kind, type Label } from "./diagnostic.ts";

export const catalog = {
  ...syntax,
  ...names,
  ...lock,
  ...types,
  ...values,
  ...data,
  ...secrets,
  ...merge,
  ...references,
  ...boards,
  ...domain,
};

export type Code = keyof typeof catalog;
export type DataOf<C extends Code> = (typeof catalog)[C] extends Kind<infer Data> ? Data : never;

/** `diagnose("E0101", span, { … })`: an unknown code or wrong data does not compile. */
export function diagnose<C extends Code>(
  code: C,
  span: Span,
  data: DataOf<C>,
  related: readonly Label[] = [],
): Diagnostic {
  return fill(code, catalog[code] as unknown as Kind<DataOf<C>>, span, data, related);
}
