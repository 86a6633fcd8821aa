/** The page of one image: what it is made of, why, and how it lies in memory. */
import { decodeManifest, type Manifest } from "../build/manifest.ts";
import type { BuildReport } from "../build/report.ts";
import { config, functions, readObject, recipe, symbols } from "../diff/documents.ts";
import { grouped } from "../diff/text.ts";
import type { Objects } from "../diff/walk.ts";
import type { Digest } from "../store/digest.ts";
import { costSection } from "./cost-section.ts";
import { graphSection } from "./graph-section.ts";
import { imageParts } from "./image-parts.ts";
import { html, type Part } from "./markup.ts";
import { memorySection } from "./memory-section.ts";
import { pageText, type Section } from "./page.ts";
import { filesSection, settingsSection } from "./settings-section.ts";
import { Sheet } from "./sheet.ts";
import { colourOfModules, sizeSection } from "./size-section.ts";

export interface Inspected {
  readonly report: BuildReport;
  /** Of the file that was looked at. */
  readonly image: Digest;
  /** What is wrong with the file, if it is not as it was built. */
  readonly damage: string | undefined;
}

export function inspectPage({ report, image, damage }: Inspected, objects: Objects): string {
  const sheet = new Sheet();
  const manifest = manifestOf(report, objects);
  const blob = (digest: Digest) => objects.blob(digest);
  const read = readObject(recipe, blob(report.digests.recipe));
  const parts = imageParts({
    report,
    manifest,
    functions: readObject(functions, blob(report.functions)),
    symbols: readObject(symbols, blob(report.symbols)),
  });
  const configs = (read?.modules ?? []).flatMap((module) =>
    module.config.flatMap((digest) => readObject(config, blob(digest)) ?? []),
  );
  const sections: (Section | undefined)[] = [
    sizeSection(parts, sheet),
    costSection(report),
    graphSection(
      report,
      colourOfModules(
        parts,
        report.modules.map(({ path }) => path),
      ),
    ),
    memorySection(report.map),
    settingsSection(report, configs),
    read && filesSection(read, report),
    digestSection(report, manifest),
  ];
  return pageText({
    title: `${report.appliance}@${report.target}`,
    head: headOf(report, image, damage),
    sections: sections.filter((section) => section !== undefined),
    foot: html`Made by <code>appl inspect --html</code> from the image and what its build has left. The same image gives the same page.`,
    sheet,
  });
}

function manifestOf({ digests }: BuildReport, objects: Objects): Manifest | undefined {
  const bytes = objects.blob(digests.manifest);
  return bytes && decodeManifest(bytes);
}

function headOf(report: BuildReport, image: Digest, damage: string | undefined): Part {
  const { machine, backend, modules, sizes } = report;
  const code = sizes.code.reduce((sum, { bytes }) => sum + bytes, 0);
  const memory = machine.memory === undefined ? "" : `, ${grouped(machine.memory)} bytes of memory`;
  const nics =
    machine.nics === undefined ? "" : `, ${machine.nics} network device${machine.nics === 1 ? "" : "s"}`;
  return html`${damage !== undefined && html`<p class="warning">${damage}. What follows is about the image as it was built.</p>`}
<p>${grouped(report.image.size)} bytes for ${backend}${memory}${nics}: ${modules.length} modules, ${grouped(code)} bytes of code, ${grouped(sizes.data)} of prepared data.</p>
<dl class="facts"><dt>Image</dt><dd class="mono">${image}</dd><dt>Contents</dt><dd class="mono">${report.digests.contents}</dd><dt>Recipe</dt><dd class="mono">${report.digests.recipe}</dd></dl>`;
}

function digestSection({ digests, image }: BuildReport, manifest: Manifest | undefined): Section {
  const sections = manifest?.sections ?? [];
  return {
    id: "digests",
    title: "Digests and sections of the file",
    body: html`<dl class="facts">${Object.entries(digests).map(([name, digest]) => html`<dt>${name}</dt><dd class="mono">${digest}</dd>`)}<dt>media type</dt><dd class="mono">${image.media}</dd></dl>
${
  sections.length > 0 &&
  html`<div class="scroll"><table><thead><tr><th>Section</th><th class="n">Offset</th><th class="n">Bytes</th><th>Digest</th></tr></thead><tbody>${sections.map(
    ({ name, offset, size, digest }) =>
      html`<tr><td>${name}</td><td class="n">${grouped(offset)}</td><td class="n">${grouped(size)}</td><td class="v">${digest}</td></tr>`,
  )}</tbody></table></div>`
}`,
  };
}
