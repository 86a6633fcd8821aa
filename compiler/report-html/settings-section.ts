/** Every setting with its value and where it was made. */
import type { BuildReport } from "../build/report.ts";
import type { Config, Recipe, SettingInRecipe } from "../diff/documents.ts";
import { grouped, placeText } from "../diff/text.ts";
import { html, type Markup } from "./markup.ts";
import type { Section } from "./page.ts";

/** Longer values are cut: they are in the description. */
const MOST_LETTERS = 600;

export function settingsSection(report: BuildReport, configs: readonly Config[]): Section {
  const places = new Map(report.places.map((place) => [place.path, place]));
  const rows = configs.flatMap((config) => config.rows).filter(([, kind]) => kind !== "block");
  const isDefault = ([path]: SettingInRecipe) => places.get(path)?.byDefault === true;
  const written = rows.filter((row) => !isDefault(row));
  const defaults = rows.filter(isDefault);
  const table = (shown: readonly SettingInRecipe[], where: string) =>
    html`<div class="scroll"><table><thead><tr><th>Setting</th><th>Value</th><th>${where}</th></tr></thead><tbody>${shown.map(
      ([path, kind, value]) =>
        html`<tr><td class="v">${path}</td><td class="v">${valueText(kind, value)}</td><td class="where">${whereMarkup(places.get(path))}</td></tr>`,
    )}</tbody></table></div>`;
  return {
    id: "settings",
    title: "Settings",
    body: html`${
      written.length > 0 ? table(written, "Written at") : html`<p>Nothing is set.</p>`
    }${defaults.length > 0 && html`<details><summary><span class="line"><span>Defaults</span><span class="n">${grouped(defaults.length)}</span></span></summary>${table(defaults, "Declared at")}</details>`}`,
  };
}

function valueText(kind: SettingInRecipe[1], value: SettingInRecipe[2]): string {
  const text = typeof value === "string" ? value : `[${value.join(", ")}]`;
  const cut = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
  return kind === "order" ? `in this order: ${cut}` : cut;
}

function whereMarkup(place: BuildReport["places"][number] | undefined): Markup | undefined {
  if (place === undefined) return undefined;
  return html`${placeText(place.place)}${place.made && html`<br>value from ${placeText(place.made)}`}`;
}

/** Files that are in the image, and where the description names them. */
export function filesSection({ files }: Recipe, report: BuildReport): Section | undefined {
  if (files.length === 0) return undefined;
  const places = new Map(report.files.map(({ path, place }) => [path, place]));
  return {
    id: "files",
    title: "Files",
    body: html`<div class="scroll"><table><thead><tr><th>File</th><th class="n">Bytes</th><th>Named at</th><th class="optional">Digest</th></tr></thead><tbody>${files.map(
      ({ path, size, digest }) => {
        const place = places.get(path);
        return html`<tr><td class="v">${path}</td><td class="n">${grouped(size)}</td><td class="where">${place && placeText(place)}</td><td class="v optional">${digest}</td></tr>`;
      },
    )}</tbody></table></div>`,
  };
}
