/** The door for editors: positions in, answers out, over the same checker and evaluator as every build. */
export { LibraryMemory } from "../configure/library-memory.ts";
export { ParseMemory } from "../syntax/parse-memory.ts";
export { type Analysis, analyse } from "./analysis.ts";
export { type Asked, completeAt } from "./complete/complete.ts";
export type { Completion, CompletionKind, Completions } from "./complete/completion.ts";
export { type Definition, definitionAt, referencesAt } from "./definition.ts";
export { type Fix, type Fixed, fix } from "./fix.ts";
export { type Hover, hoverAt } from "./hover.ts";
export { type Entry, outlineOf } from "./outline.ts";
export { type Renaming, rename, renameable } from "./rename.ts";
export { type Signature, signatureAt } from "./signature.ts";
export { worse } from "./worse.ts";
