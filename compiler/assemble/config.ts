/** The generated `./config` of a module: classes for its settings, and how they are read. */
import type { ModuleDecl } from "#lang";
import { Shapes } from "./shapes.ts";

/** AssemblyScript for the settings of `module`; `core` is the relative path to stdlib/core from where the file will be. */
export function configSource(module: ModuleDecl, core: string): string {
  const shapes = new Shapes();
  const { read } = shapes.record(module.type, "Config");
  return `// Generated from the interface of ${module.path}.
import { Reader, readDir, readFile, readIp, readPrefix, readRate, readSecret, readSocket } from "${core}/settings";
import { Dir, File, Ip, Prefix, Rate, Secret, Socket } from "${core}/values";

${[...shapes.classes.values()].join("\n\n")}

/** Settings \`number\` of this build. */
export function settings(number: i32): Config {
  const r = Reader.of(number);
  return ${read};
}
`;
}
