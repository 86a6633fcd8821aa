/**
 * The recipe: what was asked for and used, tools included. It names everything by digests of objects that are in the store, so that two
 * builds can be compared without building anything. Positions, documentation and comments are not in it.
 */
import { compareText, print, type SecretValue } from "#lang";
import { ascOptions } from "../assemble/assembler.ts";
import type { Plan, PlannedModule } from "../resolve/plan.ts";
import { canonical, type Json } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { Job } from "./build.ts";
import type { Made } from "./image.ts";
import { interfaceOf } from "./interface.ts";
import { isaOf } from "./isa.ts";
import { settingRows, valueRows } from "./settings.ts";
import type { Prepared } from "./snapshot.ts";
import { codeByOwner } from "./sources.ts";

/** Files up to this many bytes are kept, so that a changed text can be shown line by line. */
const KEPT_FILE = 1 << 20;

/** Puts the recipe and all that it names into the store. */
export async function putRecipe(made: Made, request: Job, store: Store): Promise<Digest> {
  const put = (value: Json): Digest => store.put(canonical(value));
  const { plan, program, prepared, wiring } = made;
  const code = await codeByOwner(program, wiring, store);
  const modules = plan.modules.map(({ module, use, bindings }) => ({
    name: module.path,
    iface: put(interfaceOf(module)),
    parts: use.parts.filter(({ on }) => on).map(({ name }) => name),
    needs: [...bindings],
    code: code.get(module.path),
    config: use.instances.map((instance) => put(configOf(module, instance))),
  }));
  const own = new Set(modules.map(({ name }) => name));
  const shared = [...code].filter(([owner]) => !own.has(owner));
  return put({
    appl: "recipe@1",
    name: plan.appliance,
    target: plan.target,
    toolchain: put(toolchainOf(request, plan)),
    board: put({ appl: "board@1", fields: boardRows(plan) }),
    params: [
      ...[...plan.params].map(([name, value]) => [name, print(value)]),
      ...plan.secrets.filter(({ open }) => open).map(paramAtStart),
    ],
    modules,
    shared: shared.map(([name, digest]) => ({ name, code: digest })),
    files: prepared.files.map(({ path, bytes }) => ({
      path,
      digest: bytes.length <= KEPT_FILE ? store.put(bytes) : store.digest(bytes),
      size: bytes.length,
    })),
    trees: treesOf(prepared, store),
    secrets: plan.secrets.filter(({ open }) => !open).map(secretOf),
  });
}

/** Folders that are given whole: what is executable in them is in no digest of a file. */
function treesOf({ trees }: Prepared, store: Store): Json {
  const rows = trees.map(
    ({ path, objects }) => [path, objects.map((object) => store.put(object)).at(-1)!] as const,
  );
  return [...new Map(rows.map((row) => [row.join(" "), row])).entries()]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, [path, digest]]) => ({ path, digest }));
}

/** What is asked for, and nothing that depends on what is given: it can be given anew without a change here. */
const secretOf = ({ name, type, delivery }: SecretValue): Json => ({
  name,
  type,
  from: delivery.by === "boot" ? `boot:${delivery.slot}` : delivery.by,
});

/** A param that is chosen at the start, in the place of its value. */
function paramAtStart({ name, type, delivery, fallback }: SecretValue): Json {
  const slot = delivery.by === "boot" ? delivery.slot : "";
  return [name, `${type} from boot "${slot}"${fallback ? ` = ${print(fallback)}` : ""}`];
}

/** The target's machine, field by field; what it is called by is said elsewhere. */
function boardRows({ backend, machine }: Plan): Json {
  const rows = machine === undefined ? [] : valueRows("", machine);
  return [["backend", backend], ...rows.filter(([path]) => path !== "name" && path !== "board.backend")];
}

/** The settings of one block as data. Whoever reads it needs no declaration. */
function configOf(
  module: PlannedModule["module"],
  instance: PlannedModule["use"]["instances"][number],
): Json {
  const rows = settingRows(module, instance).map(({ path, kind, value }) => [path, kind, value]);
  return { appl: "config@1", module: module.path, rows };
}

/** The tools are a recipe of their own: their names and versions, and the digest of the compiler. */
function toolchainOf({ backend, edges }: Job, plan: Plan): Json {
  return {
    appl: "toolchain@1",
    compiler: edges.tool,
    versions: Object.entries(edges.versions ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    isa: isaOf(backend, plan) ?? "wasm",
    options: [...ascOptions],
  };
}
