/** E00xx: text that does not read as the language. */
import { kind } from "../diagnostic.ts";

export const syntax = {
  E0001: kind<{ expected: string; found: string; help?: string }>({
    title: "Not expected here",
    text: ({ expected }) => expected,
    label: ({ found }) => `found ${found}`,
    help: ({ help }) => help,
  }),
} as const;
