/** `target NAME { … }`: a board, values for params, and what is different there. */
import type { BodyCore, Core, Variable } from "../check/core.ts";
import type { Param } from "../check/declarations.ts";
import type { WholeChecker } from "../check/new-checker.ts";
import { addMember, type Growing, newRecord, optionMember } from "../check/record-type.ts";
import type { Unit } from "../check/unit.ts";
import { diagnose } from "../diagnostics/catalog.ts";
import { Draft } from "../evaluate/draft.ts";
import { expand } from "../evaluate/expand.ts";
import { finish } from "../evaluate/finish.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { type RecordType, scalar } from "../types/type.ts";
import { type RecordValue, record, str } from "../values/value.ts";
import type { KnownTarget, Machines, Request } from "./request.ts";
import { runRules } from "./rules.ts";

export interface Target {
  readonly name: string;
  /** Undefined: nobody wrote it. */
  readonly span: Span | undefined;
  /** What its body says of the machine. */
  readonly body: BodyCore | undefined;
  readonly board: Variable | undefined;
  readonly backend: string | undefined;
  /** `set { host = … }` */
  readonly set: ReadonlyMap<Param, Core>;
  /** What it changes in appliances. */
  readonly changes: BodyCore | undefined;
}

/** Targets of one description. */
export class Targets {
  /** `target` in expressions. */
  readonly variable: Variable;
  readonly #machines: Machines;
  readonly #block: RecordType | undefined;
  readonly #checker: WholeChecker;
  readonly #root: Unit;

  /** `block` is the type of a target's body. */
  constructor(root: Unit, machines: Machines, block: RecordType | undefined, checker: WholeChecker) {
    this.#root = root;
    this.#machines = machines;
    this.#block = block;
    this.#checker = checker;
    this.variable = {
      name: "target",
      type: seenAs(block, root.ast.span),
      span: root.ast.span,
      role: "target",
    };
  }

  known({ name, backend }: KnownTarget, board: Variable | undefined): Target {
    return { name, backend, board, span: undefined, body: undefined, set: new Map(), changes: undefined };
  }

  /** Checks a target of the description. */
  check(decl: ast.TargetDecl, params: readonly Param[]): Target {
    const { name, body } = decl;
    const declarations = this.#checker.declarations(this.#root);
    const scope = declarations.scope.inside({ place: "target" });
    const { machine, set, changes } = this.#sort(body);
    const block = this.#block;
    return {
      name: name.text,
      span: name.span,
      backend: undefined,
      board: undefined,
      body: block && this.#checker.body(machine, body.span, block, scope, `target ${name.text}`),
      set: new Map(set.flatMap((item) => this.#set(item, params))),
      changes:
        changes.length === 0
          ? undefined
          : this.#checker.applianceBody({ ...body, items: changes }, this.#root, name.text, "target"),
    };
  }

  /** What is said of the machine, of params and of appliances. */
  #sort({ items }: ast.Body): {
    readonly machine: readonly ast.Item[];
    readonly set: readonly ast.Setting[];
    readonly changes: readonly ast.Item[];
  } {
    const view = this.#checker.appliance?.view(this.#root);
    const machine: ast.Item[] = [];
    const set: ast.Setting[] = [];
    const changes: ast.Item[] = [];
    for (const item of items) {
      if (item.kind === "setting" && item.path.head.text === "set" && !item.rank) set.push(item);
      else if (item.kind === "setting" && !this.#ofMachine(item, view)) changes.push(item);
      else if (item.kind === "when" || item.kind === "for" || item.kind === "include") changes.push(item);
      else {
        machine.push(item);
        if (item.kind === "let") changes.push(item);
      }
    }
    return { machine, set, changes: changes.every(({ kind }) => kind === "let") ? [] : changes };
  }

  #ofMachine({ path, rank }: ast.Setting, view: RecordType | undefined): boolean {
    const { text } = path.head;
    if ((this.#block?.settable.has(text) || this.#block?.outdated.has(text)) && !rank) return true;
    return !view?.settable.has(text) && !rank;
  }

  /** `set { host = "localhost.test" }` */
  #set({ value, head }: ast.Setting, params: readonly Param[]): [Param, Core][] {
    const items =
      value.kind === "block"
        ? value.body.items
        : value.kind === "assign" && value.value.kind === "record"
          ? value.value.body.items
          : undefined;
    const scope = this.#checker.declarations(this.#root).scope.inside({ reader: "`set`" });
    const given: [Param, Core][] = [];
    for (const item of items ?? []) {
      if (item.kind === "error") continue;
      if (
        item.kind !== "setting" ||
        item.value.kind !== "assign" ||
        item.path.steps.length + item.labels.length > 0
      ) {
        this.#checker.error("E0119", item.span, {
          what: "this",
          where: "in `set`: it gives values to params, `NAME = …`",
        });
        continue;
      }
      const { text, span } = item.path.head;
      this.#checker.recorder?.add({ fact: "paramName", name: item.path.head });
      const param = params.find(({ variable }) => variable.name === text);
      if (!param) {
        this.#checker.error("E0122", span, {
          name: text,
          params: params.map(({ variable }) => variable.name),
        });
        continue;
      }
      if (param.slot) {
        const { delivery } = param.slot;
        const slot = delivery.by === "boot" ? delivery.slot : "";
        this.#checker.error("E0345", item.path.head.span, { name: text, slot, where: "set" });
        continue;
      }
      const { type, name } = param.variable;
      const meaning = { is: "variable", variable: param.variable } as const;
      this.#checker.recorder?.add({ fact: "means", span, meaning });
      given.push([param, this.#checker.check(item.value.value, { type, subject: name }, scope)]);
    }
    if (!items)
      this.#checker.error("E0212", head, {
        name: "set",
        reason: "takes values for params",
        example: "set { NAME = … }",
      });
    return given;
  }

  /** What `target` is on this target; throws `Stop`. */
  value(target: Target, machine: Machine): RecordValue {
    const fields = new Map([["name", str(target.name)] as const]);
    const origins: RecordValue["origins"] = new Map();
    const draft = this.#draft(target, machine);
    if (!draft) return record(fields, target.span, origins);
    const settings = finish(draft, {
      machine,
      around: target.span ?? this.#root.ast.span,
      appliance: undefined,
      refs: false,
    });
    runRules(draft, machine);
    return record(new Map([...fields, ...settings.fields]), target.span, settings.origins);
  }

  #draft({ name, span, body, board }: Target, machine: Machine): Draft | undefined {
    if (!this.#block) return undefined;
    const draft = new Draft(this.#block, `target ${name}`);
    if (span) draft.openings.push({ rank: "plain", forced: undefined, via: undefined, head: span });
    if (body) {
      expand(body, draft, machine);
      return draft;
    }
    const member = this.#block.members.find((it) => it.kind === "option" && it.name === "board");
    if (!board || member?.kind !== "option") return undefined;
    const value = machine.valueOf(board, board.span);
    draft.leaf(member).whole.push({
      value,
      span: board.span,
      head: board.span,
      add: false,
      rank: "plain",
      forced: undefined,
      via: undefined,
    });
    return draft;
  }

  /** The backend that a target's board is for; undefined after a report. */
  backendOf({ backend }: Target, value: RecordValue | undefined): string | undefined {
    if (backend !== undefined) return backend;
    const board = value?.fields.get("board");
    const name = board?.kind === "record" ? board.fields.get("backend") : undefined;
    return name?.kind === "str" ? name.value : name?.kind === "tagged" ? name.tag : undefined;
  }

  /** Those that a request means; empty after a report. */
  chosen(
    { target: wanted, everywhere }: Pick<Request, "target" | "everywhere">,
    decls: readonly ast.TargetDecl[],
  ): readonly (ast.TargetDecl | KnownTarget)[] {
    const { known } = this.#machines;
    if (wanted === undefined) return decls.length > 0 ? decls : everywhere ? known : known.slice(0, 1);
    const found = decls.find(({ name }) => name.text === wanted) ?? known.find(({ name }) => name === wanted);
    if (found) return [found];
    const names = [...decls.map(({ name }) => name.text), ...known.map(({ name }) => name)];
    const { span } = this.#root.ast;
    this.#checker.report(diagnose("E0121", { ...span, end: span.start }, { name: wanted, targets: names }));
    return [];
  }
}

/** The target as expressions see it: its name, and what its block says. */
function seenAs(block: RecordType | undefined, span: Span): Growing {
  const type = newRecord({ what: "record", library: "target", span, name: "target" });
  const name = { kind: "identifier", text: "name", span } as const;
  addMember(
    type,
    optionMember({ name, type: scalar("Str"), docs: undefined, merge: undefined, fallback: undefined }),
  );
  for (const member of block?.members ?? []) addMember(type, member);
  return type;
}
