/** Code and snapshot → image, with the documents that say what it is: recipe, contents and manifest. */
import { type Diagnostic, type Instance, type ModuleDecl, printShort, Sources, type Span } from "#lang";
import type { Wiring } from "../assemble/wiring.ts";
import type { Plan, Reason } from "../resolve/plan.ts";
import { canonical, type Json } from "../store/canonical.ts";
import type { Store } from "../store/store.ts";
import type { ImageFile, ImageParts } from "./backend.ts";
import type { BuildRequest, Built, Steps } from "./build.ts";
import type { Code } from "./code.ts";
import type { Program } from "./program.ts";
import type { BuildReport, ModuleReport, Place, ReasonReport, SettingsReport } from "./report.ts";
import { sizesByModule } from "./sizes.ts";
import type { Prepared } from "./snapshot.ts";
import { wasmFunctions } from "./wasm-functions.ts";

export interface Made {
  readonly plan: Plan;
  readonly wiring: Wiring;
  readonly program: Program;
  readonly code: Code | undefined;
  readonly prepared: Prepared;
  readonly snapshot: NonNullable<Prepared["snapshot"]>;
  readonly diagnostics: readonly Diagnostic[];
}

const UNKNOWN = "0".repeat(64);

export async function imageFor(
  made: Made,
  request: BuildRequest,
  store: Store,
  steps: Steps,
): Promise<Built> {
  const { plan, program, code, snapshot } = made;
  const recipe = store.put(canonical(recipeOf(made, request, store)));
  const inputs = {
    backend: request.backend.name,
    name: plan.appliance,
    program: code?.digest ?? program.runtime.digest,
    snapshot: snapshot.digest,
    calls: made.wiring.keep,
  };
  const outputs = await steps.action("image", () =>
    store.action("image", inputs, async () => {
      const { file, contents } = makeImage(made, request, store);
      const { bytes, ...facts } = file;
      return { image: bytes, contents, facts: new TextEncoder().encode(JSON.stringify(facts)) };
    }),
  );
  const facts = JSON.parse(new TextDecoder().decode(outputs.facts.bytes())) as Omit<ImageFile, "bytes">;
  const image = outputs.image.bytes();
  const digests = { recipe, contents: outputs.contents.digest, image: outputs.image.digest };
  store.put(canonical(manifestOf(digests, image, facts, plan)));
  const report: BuildReport = {
    appliance: plan.appliance,
    target: plan.target,
    modules: moduleReports(plan, request),
    digests,
    image: { size: image.length, extension: facts.extension, media: facts.media },
    sizes: {
      code: sizesByModule(
        code?.value.functions ?? wasmFunctions(program.runtime.bytes()),
        made.wiring.owners,
      ),
      data: snapshot.value.segments.reduce((sum, { bytes }) => sum + bytes.length, 0),
    },
    map: facts.map,
    diagnostics: made.diagnostics,
  };
  return { image, report };
}

/** The image is made once without its own digest to see all that its bytes depend on, and then with it. */
function makeImage(
  { plan, wiring, program, code, snapshot }: Made,
  { backend }: BuildRequest,
  store: Store,
): { file: ImageFile; contents: Uint8Array } {
  const parts: ImageParts = {
    name: plan.appliance,
    runtime: program.runtime.bytes(),
    code: code?.value,
    snapshot: snapshot.value,
    contents: UNKNOWN,
    calls: wiring.keep,
  };
  const contents = canonical({
    appl: "contents@1",
    name: plan.appliance,
    target: plan.target,
    code: code?.digest ?? program.runtime.digest,
    snapshot: snapshot.digest,
    frame: store.digest(backend.image(parts).bytes),
  });
  const digest = store.digest(contents).slice("sha256:".length);
  return { file: backend.image({ ...parts, contents: digest }), contents };
}

/** What was asked for and used, tools included. */
function recipeOf({ plan, program, prepared }: Made, request: BuildRequest, store: Store): Json {
  return {
    appl: "recipe@1",
    name: plan.appliance,
    target: plan.target,
    tool: store.tool,
    modules: plan.modules.map(({ module, use, bindings, library }) => ({
      name: module.path,
      interface: store.digest(request.libraries.read(library.file) ?? new Uint8Array(0)),
      parts: use.parts.filter(({ on }) => on).map(({ name }) => name),
      needs: Object.fromEntries(bindings),
      settings: prepared.settings.filter((each) => each.module === module.path).map(({ digest }) => digest),
    })),
    sources: program.sources,
    files: prepared.files,
  };
}

function manifestOf(
  { recipe, contents, image }: BuildReport["digests"],
  bytes: Uint8Array,
  { extension, media, map }: Omit<ImageFile, "bytes">,
  plan: Plan,
): Json {
  return {
    appl: "image@1",
    recipe,
    contents,
    outputs: [{ name: `${plan.appliance}.${extension}`, media, digest: image, size: bytes.length }],
    sections: map.map(({ name, stored }) => ({ name, size: stored })),
  };
}

function moduleReports(plan: Plan, request: BuildRequest): ModuleReport[] {
  const places = new Places(request);
  return plan.modules.map(({ module, use, bindings, reasons }) => ({
    path: module.path,
    doc: module.docs,
    parts: use.parts.map(({ name, on }) => ({ name, on })),
    bindings: Object.fromEntries(bindings),
    reasons: reasons.map((reason) => reasonReport(reason, places)),
    settings: use.instances.map((instance) => settingsReport(module, instance)),
  }));
}

function settingsReport({ type }: ModuleDecl, { label, config }: Instance): SettingsReport {
  const options: Record<string, string> = {};
  for (const { kind, name } of type.members) {
    const value = config.fields.get(name);
    if (kind === "option" && value !== undefined) options[name] = printShort(value);
  }
  return { label: label && printShort(label), options };
}

function reasonReport(reason: Reason, places: Places): ReasonReport {
  switch (reason.kind) {
    case "block":
      return {
        kind: "block",
        from: undefined,
        text: places.text(reason.span),
        interface: undefined,
        place: places.of(reason.span),
      };
    case "target":
      return {
        kind: "target",
        from: undefined,
        text: "the target itself",
        interface: reason.interface,
        place: undefined,
      };
    case "need":
      return {
        kind: "need",
        from: reason.from,
        text: reason.need,
        interface: reason.interface,
        place: places.of(reason.span),
      };
  }
}

/** Spans as lines and columns; a span's text may be the user's or a library's. */
class Places {
  readonly #sides: readonly Sources[];

  constructor({ files, libraries }: BuildRequest) {
    this.#sides = [new Sources(files), new Sources(libraries)];
  }

  of(span: Span): Place | undefined {
    for (const side of this.#sides) {
      const position = side.position(span);
      if (position !== undefined) return { file: span.source, ...position };
    }
    return undefined;
  }

  text({ source, start, end }: Span): string {
    for (const side of this.#sides) {
      const text = side.text(source);
      if (text !== undefined) return text.text.slice(start, end);
    }
    return "";
  }
}
