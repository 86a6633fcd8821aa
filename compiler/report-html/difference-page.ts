/** The page of two images: why they differ, and what of them does. */
import { decodeManifest } from "../build/manifest.ts";
import type { ByteChange } from "../diff/bytes.ts";
import type { Difference, Side } from "../diff/difference.ts";
import { functions, readObject, symbols } from "../diff/documents.ts";
import type { Given } from "../diff/sides.ts";
import { conclusion, grouped } from "../diff/text.ts";
import type { Objects } from "../diff/walk.ts";
import { causeSection } from "./cause-section.ts";
import { growthOf } from "./growth.ts";
import { codeSection, growthSection } from "./growth-section.ts";
import { type ImagePart, imageParts } from "./image-parts.ts";
import { html, type Markup } from "./markup.ts";
import { pageText, type Section } from "./page.ts";
import { Sheet } from "./sheet.ts";

export interface Compared {
  readonly difference: Difference;
  /** As they were named. */
  readonly names: { readonly a: string; readonly b: string };
  readonly a: Given;
  readonly b: Given;
  /** Which bytes differ, if somebody asked. */
  readonly bytes: readonly ByteChange[] | undefined;
}

export function differencePage({ difference, names, a, b, bytes }: Compared, objects: Objects): string {
  const sheet = new Sheet();
  const [one, other] = [partsOf(a, objects), partsOf(b, objects)];
  const growth = one && other && growthOf(one, other, difference.code);
  const differs = difference.verdict === "different" || difference.verdict === "unexplained";
  const sections = [
    causeSection(difference),
    differs ? growthSection(difference, growth, sheet) : undefined,
    codeSection(difference),
    bytes && bytesSection(bytes),
    sidesSection(difference, names),
  ];
  const titles = [titled(difference.a), titled(difference.b)];
  return pageText({
    title: titles[0] === titles[1] ? `${titles[0]}: what changed` : `${titles[0]} → ${titles[1]}`,
    head: html`<p><span class="mono">${names.a}</span> → <span class="mono">${names.b}</span></p><p>${verdictText(difference)}</p>`,
    sections: sections.filter((section): section is Section => section !== undefined),
    foot: html`Made by <code>appl diff --html</code>. The same two builds give the same page.`,
    sheet,
  });
}

function partsOf({ report }: Given, objects: Objects): ImagePart[] | undefined {
  if (report === undefined) return undefined;
  const manifest = objects.blob(report.digests.manifest);
  return imageParts({
    report,
    manifest: manifest && decodeManifest(manifest),
    functions: readObject(functions, objects.blob(report.functions)),
    symbols: readObject(symbols, objects.blob(report.symbols)),
  });
}

const titled = ({ appliance, target }: Side): string =>
  appliance === undefined ? "an image" : `${appliance}@${target}`;

function verdictText(difference: Difference): string {
  const [first] = conclusion(difference);
  if (first === undefined) return "Identical.";
  const text = first.replaceAll("`", "").replace("->", "→");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function sidesSection({ a, b }: Difference, names: Compared["names"]): Section {
  const row = (what: string, of: (side: Side) => string | number | undefined): Markup | false =>
    (of(a) ?? of(b)) !== undefined &&
    html`<tr><th scope="row">${what}</th><td class="v">${of(a)}</td><td class="v">${of(b)}</td></tr>`;
  return {
    id: "sides",
    title: "Both sides",
    body: html`<div class="scroll"><table><thead><tr><th></th><th>${names.a}</th><th>${names.b}</th></tr></thead><tbody>${[
      row("appliance", ({ appliance }) => appliance),
      row("target", ({ target }) => target),
      row("bytes", ({ size }) => size && grouped(size)),
      row("recipe", ({ recipe }) => recipe),
      row("contents", ({ contents }) => contents),
      row("image", ({ image }) => image),
    ]}</tbody></table></div>`,
  };
}

const MOST_ROWS = 400;

function bytesSection(bytes: readonly ByteChange[]): Section {
  const at = (extent: ByteChange["a"]): string =>
    extent === undefined ? "" : `0x${extent.offset.toString(16).padStart(6, "0")}`;
  const rows = bytes
    .slice(0, MOST_ROWS)
    .map(
      ({ section, symbol, a, b, first, count }) =>
        html`<tr><td>${section}</td><td class="v">${symbol}</td><td class="v">${at(a)}</td><td class="v">${at(b)}</td><td class="n">${grouped(first)}</td><td class="n">${grouped(count)}</td></tr>`,
    );
  return {
    id: "bytes",
    title: "Bytes that differ",
    body: html`${
      bytes.length === 0
        ? html`<p>None.</p>`
        : html`<div class="scroll"><table><thead><tr><th>Section</th><th>Function</th><th>Before</th><th>Now</th><th class="n">First at</th><th class="n">Bytes</th></tr></thead><tbody>${rows}</tbody></table></div>`
    }${bytes.length > MOST_ROWS && html`<p class="muted">… and ${bytes.length - MOST_ROWS} more</p>`}`,
  };
}
