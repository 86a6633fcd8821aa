/** Code and snapshot → image, with the documents that say what it is: recipe, contents and manifest. */
import type { Diagnostic } from "#lang";
import type { Wiring } from "../assemble/wiring.ts";
import { fieldOf } from "../resolve/fields.ts";
import type { Plan } from "../resolve/plan.ts";
import { canonical } from "../store/canonical.ts";
import type { Store } from "../store/store.ts";
import type { ImageFile, ImageParts } from "./backend.ts";
import type { Built, Job, Steps } from "./build.ts";
import type { Code } from "./code.ts";
import { putFunctions } from "./functions.ts";
import { identified } from "./identity.ts";
import { putLines } from "./lines.ts";
import { boardFacts } from "./maker.ts";
import { encodeManifest, type Manifest } from "./manifest.ts";
import { moduleReports } from "./module-reports.ts";
import type { Program } from "./program.ts";
import { putRecipe } from "./recipe.ts";
import type { BuildReport } from "./report.ts";
import { placesOf } from "./setting-places.ts";
import { type SizedFunction, sizesByModule } from "./sizes.ts";
import { slotReports } from "./slot-reports.ts";
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

/** What is known of an image besides its bytes. */
type Facts = Omit<ImageFile, "bytes" | "functions">;

const UNKNOWN = "0".repeat(64);

export async function imageFor(made: Made, request: Job, store: Store, steps: Steps): Promise<Built> {
  const { plan, program, code, snapshot } = made;
  const recipe = await putRecipe(made, request, store);
  const inputs = {
    backend: request.backend.name,
    name: plan.appliance,
    program: code?.digest ?? program.runtime.digest,
    snapshot: snapshot.digest,
    calls: made.wiring.keep,
    bare: bareOf(plan),
    board: { ...boardFacts(plan.machine) },
  };
  const outputs = await steps.action("image", () =>
    store.action("image", inputs, async () => {
      const { file, contents } = makeImage(made, request, store);
      const { bytes, functions, ...facts } = file;
      const symbols = functions.map(({ name, offset, size }) => [name, offset, size]);
      return {
        image: bytes,
        contents,
        facts: new TextEncoder().encode(JSON.stringify(facts)),
        symbols: canonical({ appl: "symbols@1", symbols }),
      };
    }),
  );
  const facts = JSON.parse(new TextDecoder().decode(outputs.facts.bytes())) as Facts;
  const image = outputs.image.bytes();
  const digests = { recipe, contents: outputs.contents.digest, image: outputs.image.digest };
  const manifest = store.put(encodeManifest(manifestOf(digests, image, facts, plan, store)));
  const functions = code?.value.functions ?? inWasm(program.runtime.bytes());
  const report: BuildReport = {
    appliance: plan.appliance,
    target: plan.target,
    backend: plan.backend,
    machine: machineOf(plan),
    modules: moduleReports(plan, request),
    slots: slotReports(plan.secrets),
    digests: { ...digests, manifest },
    ...placesOf(plan, made.prepared.files, request),
    functions: putFunctions(functions, code?.value, made.wiring.owners, store),
    symbols: outputs.symbols.digest,
    lines: await putLines(program, code, made.wiring.owners, store),
    image: { size: image.length, extension: facts.extension, media: facts.media },
    sizes: {
      code: sizesByModule(functions, made.wiring.owners),
      memory: made.prepared.memory,
      data: snapshot.value.segments.reduce((sum, { bytes }) => sum + bytes.length, snapshot.constants.length),
    },
    ...(facts.demands && { demands: facts.demands }),
    map: facts.map,
    diagnostics: made.diagnostics,
  };
  return { image, report };
}

/** What a virtual machine is to be given; what is not said is not there. */
function machineOf(plan: Plan): BuildReport["machine"] {
  const { machine } = plan;
  const memory = machine?.fields.get("memory");
  const nics = machine?.fields.get("nics");
  const emulator = fieldOf(fieldOf(machine, "board"), "emulator");
  return {
    memory: memory?.kind === "size" ? Number(memory.bytes) : undefined,
    nics: nics?.kind === "int" ? Number(nics.value) : undefined,
    emulator: emulator?.kind === "str" ? emulator.value : undefined,
    bare: bareOf(plan) !== undefined,
  };
}

/** What the board says of a machine without firmware. */
function bareOf({ machine }: Plan): Readonly<Record<string, number>> | undefined {
  const bare = fieldOf(fieldOf(machine, "board"), "bare");
  if (bare?.kind !== "record") return undefined;
  const numbers = [...bare.fields].map(([name, value]) => [
    name,
    value.kind === "int" ? Number(value.value) : 0,
  ]);
  return Object.fromEntries(numbers) as Record<string, number>;
}

const inWasm = (wasm: Uint8Array): SizedFunction[] =>
  wasmFunctions(wasm).map(({ name, size }) => ({ name, bytes: size }));

/** The image is made once without its own digest to see all that its bytes depend on, and then with it. */
function makeImage(
  { plan, wiring, program, code, snapshot }: Made,
  { backend }: Job,
  store: Store,
): { file: ImageFile; contents: Uint8Array } {
  const parts: ImageParts = {
    name: plan.appliance,
    runtime: program.runtime.bytes(),
    code: code?.value,
    snapshot: identified(snapshot.value, program.facts, plan.appliance, UNKNOWN),
    used: snapshot.used,
    constants: snapshot.constants,
    contents: UNKNOWN,
    bare: bareOf(plan),
    board: boardFacts(plan.machine),
    calls: wiring.keep,
  };
  const contents = canonical({
    appl: "contents@1",
    name: plan.appliance,
    backend: backend.name,
    code: code?.digest ?? program.runtime.digest,
    snapshot: snapshot.digest,
    frame: store.digest(backend.image(parts).bytes),
  });
  const digest = store.digest(contents).slice("sha256:".length);
  const known = identified(snapshot.value, program.facts, plan.appliance, digest);
  return { file: backend.image({ ...parts, snapshot: known, contents: digest }), contents };
}

function manifestOf(
  { recipe, contents, image }: Omit<BuildReport["digests"], "manifest">,
  bytes: Uint8Array,
  { extension, media, sections }: Facts,
  plan: Plan,
  store: Store,
): Manifest {
  return {
    recipe,
    contents,
    outputs: [{ name: `${plan.appliance}.${extension}`, media, digest: image, size: bytes.length }],
    sections: sections.map(({ name, offset, size }) => ({
      name,
      offset,
      size,
      digest: store.digest(bytes.subarray(offset, offset + size)),
    })),
  };
}
