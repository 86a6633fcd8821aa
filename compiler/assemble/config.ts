/** The generated `./config` of a module: classes for its settings, and how they are read. */
import type { ModuleDecl } from "#lang";
import { Shapes } from "./shapes.ts";

/** AssemblyScript for the settings of `module`; `core` is the relative path to stdlib/core from where the file will be. */
export function configSource(module: ModuleDecl, core: string): string {
  const shapes = new Shapes();
  const { read } = shapes.record(module.type, "Config");
  const classes = [...shapes.classes.values()].join("\n\n");
  return `// Generated from the interface of ${module.path}.
import { Reader, readDir, readFile, readIp, readPrefix, readRate, readSocket } from "${core}/settings";
import { Dir, File, Ip, Prefix, Rate, Socket } from "${core}/values";
${slotImports(classes, core)}${signalImport(classes, core)}

${classes}

/** Settings \`number\` of this build. */
export function settings(number: i32): Config {
  const r = Reader.of(number);
  return ${read};
}
`;
}

const slotFiles: Readonly<Record<string, string>> = {
  TextSlot: "text",
  BytesSlot: "text",
  NumberSlot: "number",
  AddressSlot: "address",
};

/** Only for those who have signals, or are wired to some. */
const signalImport = (source: string, core: string): string =>
  /\bSignal\b/.test(source) ? `import { readSignal, Signal } from "${core}/signal";\n` : "";

/** Only for those who have slots: a module that has none brings no code for them. */
function slotImports(source: string, core: string): string {
  const used = Object.entries(slotFiles).filter(([name]) => new RegExp(`\\b${name}\\b`).test(source));
  if (used.length === 0) return "";
  const readers = used.map(([name]) => `read${name}`).join(", ");
  const classes = used.map(([name, file]) => `import { ${name} } from "${core}/slots/${file}";\n`);
  return `import { ${readers} } from "${core}/slots/read";\n${classes.join("")}`;
}
