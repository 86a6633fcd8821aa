/** `dist/appl.js`: starts the program that is bundled beside it. */
import { BundledProgram } from "./edges/bundled-program.ts";

export const { main } = new BundledProgram(import.meta).run();
