import * as z from "zod";
import { command, type Outcome } from "../command.ts";
import { exit } from "../exit.ts";

const result = z
  .object({ ok: z.literal(true), ended: z.literal("by the editor") })
  .describe("Printed by no client: the protocol ends the process");

export const lsp = command(result, async (): Promise<Outcome<z.output<typeof result>>> => {
  const { serve } = await import("../lsp/server.ts");
  await serve();
  return { code: exit.done, json: { ok: true, ended: "by the editor" }, text: "" };
});
