/**
 * The door of the language: texts in, a configuration and diagnostics out.
 *
 * Nothing here knows a module of the library by name, a file system, a clock or a process.
 */
export { type Code, catalog, type DataOf, diagnose } from "./diagnostics/catalog.ts";
export type { Diagnostic, Edit, Help, Kind, Label, Severity } from "./diagnostics/diagnostic.ts";
export { type Files, MemoryFiles } from "./source/files.ts";
export type { Position, Span } from "./source/span.ts";
export type * from "./syntax/ast.ts";
