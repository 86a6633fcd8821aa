/**
 * The door of the language: texts in, a configuration and diagnostics out.
 *
 * Nothing here knows a module of the library by name, a file system, a clock or a process.
 */
export type * from "./configure/configuration.ts";
export {
  type Configured,
  configure,
  evaluateDefaults,
  explainSetting,
  settingsOf,
  useWith,
} from "./configure/configure.ts";
export type { Counter, Day } from "./configure/counters.ts";
export { type Evaluated, EXPRESSION, evaluateExpression } from "./configure/expression.ts";
export { type Libraries, type LibraryIdentity, MemoryLibraries } from "./configure/libraries.ts";
export type { BlockName, KnownTarget, Machines, Request } from "./configure/request.ts";
export { runTests, type Tested, type TestResult, type Trial } from "./configure/tests.ts";
export { catalog } from "./diagnostics/catalog.ts";
export {
  type Diagnostic,
  type Edit,
  fill,
  type Help,
  type Kind,
  kind,
  type Label,
  type Severity,
} from "./diagnostics/diagnostic.ts";
export { type JsonDiagnostic, type JsonPlace, toJson } from "./diagnostics/json.ts";
export { didYouMean, nearest } from "./diagnostics/nearest.ts";
export { inOrder } from "./diagnostics/order.ts";
export { type Palette, plain, renderAll } from "./diagnostics/render.ts";
export { armOf } from "./evaluate/arm.ts";
export { defaultLimits, type Limits } from "./evaluate/machine.ts";
export { isSmallMachine } from "./evaluate/operations/builtins-machine.ts";
export type { Explained, ExplainProblem, Explanation } from "./explain/explain.ts";
export { type Formatted, format } from "./format/format.ts";
export {
  type CounterLine,
  type LibraryLine,
  LOCK_FILE,
  type Lock,
  type LockLine,
  type PackageLine,
  printLine,
  UNCOUNTED,
  writeLock,
} from "./lock/lock.ts";
export { PACKAGES, type Package, packageAround, packageFolder, readPackage } from "./lock/package.ts";
export { isPackageName, noLock, type ParsedLock, parseLock, withBothSides } from "./lock/parse.ts";
export { nextSerial } from "./lock/serial.ts";
export { parseSource, printSource, type Source } from "./lock/source.ts";
export { type SlotForm, type SlotSpec, slotSpec } from "./slots/spec.ts";
export { type Entry, type Files, MemoryFiles, type Texts } from "./source/files.ts";
export { Sources } from "./source/sources.ts";
export type { Position, Span } from "./source/span.ts";
export { KeptTrees, keptTree } from "./syntax/kept-trees.ts";
export { type Outline, outline } from "./syntax/outline.ts";
export { parse, parseExpression } from "./syntax/parse.ts";
export {
  type BlockDescription,
  type Description,
  describe,
  type InnerDescription,
  type OptionDescription,
  type QueryDescription,
  type TypeDescription,
} from "./types/describe.ts";
export { leastOf } from "./types/ends.ts";
export { printType } from "./types/print.ts";
export { type Schema, schemaOfModules } from "./types/schema.ts";
export type * from "./types/type.ts";
export { compareText } from "./values/compare.ts";
export { formatIp, parseIp } from "./values/ip.ts";
export { type JsonValue, jsonText, toJsonValue } from "./values/json.ts";
export { mediaTypeOf } from "./values/media.ts";
export { contains, formatPrefix, networkOf, parsePrefix } from "./values/network.ts";
export { print, printShort } from "./values/print.ts";
export { daysSinceEpoch } from "./values/time.ts";
export { hashOfFile, hashOfTree, treeObjects } from "./values/tree.ts";
export type * from "./values/value.ts";
