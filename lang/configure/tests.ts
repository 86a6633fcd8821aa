/**
 * `test "title" { … }`: assertions over finished appliances, by their names, and descriptions that must be refused.
 *
 * Every test is run on every target. An appliance with errors leaves nothing to test: its errors are the result then.
 */

import type { BodyCore, Variable } from "../check/core.ts";
import type { WholeChecker } from "../check/new-checker.ts";
import { checkRules } from "../check/rules.ts";
import type { Scope } from "../check/scope.ts";
import { plainText } from "../check/texts.ts";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Draft } from "../evaluate/draft.ts";
import { expand } from "../evaluate/expand.ts";
import { finish } from "../evaluate/finish.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import type { RecordType } from "../types/type.ts";
import type { RecordValue } from "../values/value.ts";
import { Evaluation } from "./evaluation.ts";
import { type Checked, Front, isTrial } from "./front.ts";
import { Reports } from "./reports.ts";
import type { Request } from "./request.ts";
import { runBody, runRules } from "./rules.ts";
import type { Target } from "./target.ts";

export interface Tested {
  readonly results: readonly TestResult[];
  /** Of the description itself: with an error among them no test was run. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestResult {
  readonly title: string;
  readonly target: string;
  readonly span: Span;
  /** Empty: it passed, if its trials do. */
  readonly failures: readonly Diagnostic[];
  /** What is to be tried, for whoever asked; none if there are failures. */
  readonly trials: readonly Trial[];
}

/** The finished settings of a trial, and where it is written. */
export interface Trial {
  readonly span: Span;
  readonly settings: RecordValue;
}

interface Test {
  readonly title: string;
  readonly span: Span;
  readonly rules: BodyCore;
  readonly expectations: readonly Expectation[];
  readonly trials: readonly CheckedTrial[];
}

interface CheckedTrial {
  readonly span: Span;
  readonly type: RecordType;
  readonly body: BodyCore;
}

/** `expect error E0402 { … }` */
interface Expectation {
  readonly code: string;
  readonly span: Span;
  readonly body: BodyCore;
  /** What was found before anything was evaluated. */
  readonly found: readonly Diagnostic[];
}

/** Never throws for what is wrong in a text. */
export function runTests(request: Request): Tested {
  const reports = new Reports();
  const front = new Front(request, (diagnostic) => reports.add(diagnostic));
  const checked = front.check();
  const results: TestResult[] = [];
  if (checked) {
    const { tests, variables } = checkTests(checked, front);
    if (!reports.failed)
      for (const target of checked.chosen)
        results.push(...onTarget(tests, target, variables, checked, front, request, reports));
  }
  return { results, diagnostics: reports.all() };
}

/** The tests of a description, with what its appliances are called in them. */
export function checkTests(
  checked: Checked,
  front: Front,
): { readonly tests: readonly Test[]; readonly variables: readonly Variable[] } {
  const variables = appliancesOf(checked, front);
  return { variables, tests: checked.tests.map((decl) => checkTest(decl, variables, checked, front)) };
}

/** What an appliance's name stands for in tests. */
export function appliancesOf({ appliances, root }: Checked, { checker }: Front): readonly Variable[] {
  const type = checker.appliance!.view(root);
  return appliances.map(({ name, span }) => ({ name, type, span, role: "appliance" }));
}

function checkTest(
  decl: ast.TestDecl,
  variables: readonly Variable[],
  { root, trial }: Checked,
  front: Front,
): Test {
  const { checker } = front;
  const word = front.trialWord;
  const top = checker.declarations(root).scope;
  const settings = new Map(variables.map((variable) => [variable.name, variable]));
  const scope = top.inside({ place: "test", reader: "`test`", settled: true, settings });
  const isExpectation = (item: ast.Item): item is ast.Setting =>
    item.kind === "setting" && item.path.head.text === "expect";
  const { items, span } = decl.body;
  const expectations = items.filter(isExpectation).flatMap((item) => expectation(item, root, front));
  const rules = checkRules(
    items.filter((item) => !isExpectation(item) && !isTrial(item, word)),
    span,
    scope,
    checker,
  );
  const trials = items.flatMap((item) =>
    trial && isTrial(item, word) ? checkTrial(item, trial, scope, checker) : [],
  );
  return { title: plainText(decl.title) ?? "", span: decl.title.span, rules, expectations, trials };
}

function checkTrial(
  { path, labels, value, head }: ast.Setting,
  type: RecordType,
  scope: Scope,
  checker: WholeChecker,
): readonly CheckedTrial[] {
  const { text } = path.head;
  if (value.kind !== "block" || labels.length + path.steps.length > 0) {
    checker.error("E0119", path.span, { what: "this", where: `in a test: write \`${text} { … }\`` });
    return [];
  }
  const body = checker.body(value.body.items, value.body.span, type, scope, text);
  return [{ span: head, type, body }];
}

function expectation(
  { path, labels, value, head }: ast.Setting,
  root: Checked["root"],
  { checker }: Front,
): readonly Expectation[] {
  const [error, code] = labels.map((label) => (label.kind === "nameLabel" ? label.name.text : undefined));
  if (error !== "error" || code === undefined || labels.length !== 2 || value.kind !== "block") {
    checker.error("E0119", path.span, { what: "this", where: "in a test: write `expect error E0402 { … }`" });
    return [];
  }
  let body: BodyCore | undefined;
  const found = checker.captured(() => {
    body = checker.applianceBody(value.body, root, "this appliance", "appliance");
  });
  return [{ code, span: head, body: body!, found }];
}

function onTarget(
  tests: readonly Test[],
  target: Target,
  variables: readonly Variable[],
  checked: Checked,
  front: Front,
  request: Request,
  reports: Reports,
): readonly TestResult[] {
  const evaluation = new Evaluation(front, checked, target, request);
  evaluation.static();
  checked.appliances.forEach((appliance, n) => evaluation.finishFor(variables[n]!, appliance));
  const { diagnostics } = evaluation;
  reports.addFor(target.name, diagnostics, checked.chosen.length > 1);
  if (diagnostics.some(({ severity }) => severity === "error")) return [];
  return tests.map(({ title, span, rules, expectations, trials }) => {
    const before = diagnostics.length;
    runBody(rules, evaluation.machine);
    const failures = diagnostics.slice(before);
    for (const each of expectations) {
      const missing = refuted(each, target, checked, front, request);
      if (missing) failures.push(missing);
    }
    const finished = trials.flatMap((each) => finishedTrial(each, evaluation));
    for (const each of diagnostics.slice(before)) if (!failures.includes(each)) failures.push(each);
    return { title, target: target.name, span, failures, trials: failures.length > 0 ? [] : finished };
  });
}

function finishedTrial({ span, type, body }: CheckedTrial, { machine }: Evaluation): readonly Trial[] {
  const draft = new Draft(type, "trial");
  draft.openings.push({ rank: "plain", forced: undefined, via: undefined, head: span });
  const settings = machine.attempt(() => {
    expand(body, draft, machine);
    const done = finish(draft, { machine, around: span, appliance: undefined, refs: false });
    runRules(draft, machine);
    return done;
  });
  return settings ? [{ span, settings }] : [];
}

/** What is to be said if the error does not come. */
function refuted(
  { code, span, body, found }: Expectation,
  target: Target,
  checked: Checked,
  front: Front,
  request: Request,
): Diagnostic | undefined {
  const all = [...found];
  if (!all.some(({ severity }) => severity === "error")) {
    const evaluation = new Evaluation(front, checked, target, request);
    evaluation.static();
    const appliance = { name: "test", span, body };
    evaluation.configuration(evaluation.finish(appliance), appliance);
    all.push(...evaluation.diagnostics);
  }
  if (all.some((each) => each.code === code)) return undefined;
  const said = all.filter(({ severity }) => severity === "error");
  const related = said.slice(0, 3).map(({ primary, text }) => ({ span: primary.span, text }));
  return diagnose("E0704", span, { code, found: said.map((each) => each.code) }, related);
}
