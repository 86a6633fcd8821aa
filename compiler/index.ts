/**
 * The door of the compiler: a description's configuration in, an image out. Nothing here reads a file, a clock or an environment, or starts
 * a process: all that comes in through interfaces. What is large is loaded when it is needed.
 */
export {
  type Asc,
  type AssembleMistake,
  type AssembleOutcome,
  type AssembleRequest,
  type Assembler,
  runAsc,
} from "./assemble/assembler.ts";
export { type PreparedFile, type Report, runPrepare } from "./assemble/prepare.ts";
export type { Snapshot } from "./assemble/snapshot.ts";
export type {
  FileSection,
  ImageFile,
  ImageMaker,
  ImageParts,
  MapRow,
  NicFacts,
  PhyFacts,
} from "./build/backend.ts";
export {
  type BuildRequest,
  type BuildResult,
  type Built,
  build,
  type Edges,
  type Finished,
  type StepTime,
} from "./build/build.ts";
export { type CheckResult, check, type Looked } from "./build/check.ts";
export { configured, languageRequest, librariesOf, machinesOf } from "./build/configured.ts";
export { type KnownBuild, knownBuilds, readReport } from "./build/known.ts";
export { librariesFrom, libraryOf } from "./build/library-files.ts";
export type { MachineCode } from "./build/machine-code.ts";
export { decodeManifest, type Manifest, type Output, type Section } from "./build/manifest.ts";
export {
  type BuiltWhere,
  type OriginDocument,
  originOf,
  type ProvenanceRow,
  type SourceFile,
} from "./build/origin.ts";
export type {
  BuildReport,
  ModuleReport,
  Place,
  ReasonReport,
  SettingPlace,
  SettingsReport,
  Sizes,
  SlotReport,
} from "./build/report.ts";
export type { SizedModule } from "./build/sizes.ts";
export { trialFailed } from "./build/trial.ts";
export { wasmFunctions } from "./build/wasm-functions.ts";
export { compilerCatalog } from "./diagnostics.ts";
export { type ByteChange, byteChanges, imageBytes } from "./diff/bytes.ts";
export { compareBuilds } from "./diff/diff.ts";
export type * from "./diff/difference.ts";
export type { Given } from "./diff/sides.ts";
export { bytesText, differenceText, short } from "./diff/text.ts";
export {
  type ElfNote,
  type ElfSegment,
  elfMachines,
  readNotes,
  segmentPlaces,
  writeElf,
} from "./image/elf.ts";
export { embedSnapshot, wasmSections } from "./image/wasm.ts";
export {
  decodeLines,
  type FunctionRows,
  type Lines,
  type Place as CodeLine,
  type Row,
} from "./lines/document.ts";
export { type CodePlace, type Found, findCode, foundText } from "./lines/find.ts";
export { type ListedInstruction, listing, startOf } from "./lines/listing.ts";
export { codeSpans } from "./lines/spans.ts";
export { trapPlace, trapText } from "./lines/trap-line.ts";
export { ociArchive, ociLayout } from "./oci/layout.ts";
export { differencePage, inspectPage } from "./report-html/pages.ts";
export { isLackOfBoard } from "./resolve/diagnostics.ts";
export type { Plan, PlannedModule, Reason } from "./resolve/plan.ts";
export { type Blobs, noBlobs, type Space } from "./store/blobs.ts";
export { differingLeaves, type ReadObject } from "./store/compare.ts";
export { type Digest, isDigest, pureSha256, type Sha256 } from "./store/digest.ts";
export {
  type ActionEntry,
  decodeAction,
  decodeRoot,
  type EntrySpace,
  isEntry,
  type RootEntry,
} from "./store/entries.ts";
export { digestsIn, reach } from "./store/reach.ts";
export { Store } from "./store/store.ts";
export { filesOf, type TreeFile } from "./store/tree.ts";
export type { Surroundings, Tool } from "./supply/bill.ts";
export { type SupplyKind, supplyDocuments } from "./supply/documents.ts";
export type { Absence, Said } from "./why/absent.ts";
export { chainsTo, chainText, type Link, reasonText } from "./why/chains.ts";
export { type CostNode, costOf, costTree } from "./why/closure.ts";
export { type Planned, plannedModules } from "./why/planned.ts";
