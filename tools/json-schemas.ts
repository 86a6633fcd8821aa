/** JSON Schemas of what the commands print with `--json`: `docs/json/NAME.json`, generated. */
import * as z from "zod";
import { commands } from "../cli/commands.ts";
import { documented } from "../cli/json.ts";

/** File name → content. */
export async function jsonSchemas(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const row of commands) {
    const { json } = await row.load();
    const schema = {
      title: `appl ${row.name} --json`,
      description: row.text,
      ...z.toJSONSchema(documented(json)),
    };
    files.set(`docs/json/${row.name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
  }
  return files;
}
