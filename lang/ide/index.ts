/** The door for editors: positions in, answers out, over the same checker and evaluator as every build. */
export { ParseMemory } from "../syntax/parse-memory.ts";
export { type Analysis, analyse } from "./analysis.ts";
export { type Definition, definitionAt, referencesAt } from "./definition.ts";
export { type Hover, hoverAt } from "./hover.ts";
