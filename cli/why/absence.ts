/** Why a module is not there, in sentences. */
import type { Absence, Said } from "#compiler";

const SHOWN = 6;

/** One reason a line, the nearest first; what to write for it comes last. */
export function absenceLines(module: string, absence: Absence, shown: (file: string) => string): string[] {
  const at = ({ place }: Said) =>
    place === undefined ? "" : `   ${shown(place.file)}:${place.line}:${place.column}`;
  if (absence.unused)
    return [`the description does not reach its library: nothing says \`use ${libraryOf(module)}\``];
  const lines = [
    ...absence.skipped.flatMap(({ block, when }) => [
      `the block \`${block.text}\` does not count${at(block)}`,
      `  it stands under \`when ${when.text}\`, which does not hold${at(when)}`,
    ]),
    ...absence.parts.map(
      ({ module: asker, part, need, when }) =>
        `${asker} needs it as \`${need}\` with its part \`${part}\`, which is off: when ${when.text}${at(when)}`,
    ),
    ...absence.met.map(({ module: asker, need, by }) => `${asker} needs \`${need}\`, and ${by} meets that`),
  ];
  if (lines.length === 0) lines.push("nothing needs it");
  const { askers, block } = absence;
  if (askers.length > 0) {
    const more = askers.length > SHOWN ? ", …" : "";
    lines.push(
      `would be needed by ${askers.slice(0, SHOWN).join(", ")}${more}, which ${askers.length === 1 ? "is" : "are"} not there either`,
    );
  }
  if (block !== undefined && absence.skipped.length === 0) lines.push(`no block \`${block}\` asks for it`);
  return lines;
}

/** The library's own module goes by its name; of others the last part is the module's. */
const libraryOf = (module: string): string =>
  module.split("/").length > 2 ? module.slice(0, module.lastIndexOf("/")) : module;
