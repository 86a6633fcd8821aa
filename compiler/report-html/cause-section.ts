/** Why two images differ: each cause with its values and places on both sides, and with what followed from it. */
import type { Place } from "../build/report.ts";
import type { Cause, Detail, Difference, PatchLine, Shown } from "../diff/difference.ts";
import { counted, detailText, grouped, placeText, sizesText, without } from "../diff/text.ts";
import { html, type Markup, type Part } from "./markup.ts";
import type { Section } from "./page.ts";

export function causeSection(difference: Difference): Section {
  const { causes, same, verdict } = difference;
  const none =
    verdict === "unexplained"
      ? "What one of them was built from is not in this machine's store, so the causes cannot be told: build its description here."
      : "There is nothing to explain: both are made of the same.";
  return {
    id: "causes",
    title: causes.length === 1 ? "The one cause" : `Causes: ${causes.length}`,
    body: html`${causes.length === 0 && html`<p>${none}</p>`}${causes.map((cause) => causeMarkup(cause, difference))}
${same.length > 0 && html`<p class="muted">The same on both sides: ${same.map(counted).join(", ")}.</p>`}`,
  };
}

function causeMarkup(cause: Cause, { code }: Difference): Markup {
  const { kind, what, also, details, patch, consequences } = cause;
  const own = kind === "library" ? code.find(({ module }) => module === what) : undefined;
  return html`<article class="cause"><h3><span class="kind">${kind}</span>${kind !== what && html`<span class="mono">${what}</span>`}</h3>
${valuesMarkup(cause)}
${also.length > 0 && html`<p class="muted">By the same words also:</p><ul class="mono">${also.map((path) => html`<li>${path}</li>`)}</ul>`}
${list(details)}
${own && html`<p>${sizesText(own)}; by function <a href="#code">below</a>.</p>`}
${patch.length > 0 && patchMarkup(patch)}
${consequences.length > 0 && html`<p class="muted">What followed from it:</p>${list(consequences)}`}</article>
`;
}

const list = (details: readonly Detail[]): Part =>
  details.length > 0 &&
  html`<ul class="details">${details.map((detail) => html`<li>${detailText(detail)}</li>`)}</ul>`;

function valuesMarkup({ change, from, to, places }: Cause): Markup {
  const a = html`<div class="a">${change === "changed" ? "before: " : "removed "}${valueMarkup(from, to)}${whereMarkup(places.a)}</div>`;
  const b = html`<div class="b">${change === "changed" ? "now: " : "added "}${valueMarkup(to, from)}${whereMarkup(places.b)}</div>`;
  if (change === "changed")
    return html`${(from ?? to ?? places.a ?? places.b) !== undefined && html`<div class="values">${a}${b}</div>`}`;
  return html`<div class="values alone">${change === "removed" ? a : b}</div>`;
}

/** Of a list, what the other side has not is set off. */
function valueMarkup(value: Shown | undefined, other: Shown | undefined): Part {
  if (value === undefined) return "";
  if (typeof value === "number") return `${grouped(value)} bytes`;
  if (typeof value === "string") return html`<code>${value}</code>`;
  const own = without(value, typeof other === "object" ? other : []);
  const left = new Map<string, number>();
  for (const item of own) left.set(item, (left.get(item) ?? 0) + 1);
  return value.map((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return html`<code class="item">${count > 0 ? html`<b>${item}</b>` : item}</code>`;
  });
}

const whereMarkup = (place: Place | undefined): Part =>
  place && html`<span class="where">${placeText(place)}</span>`;

const signs = { "+": "add", "-": "remove", " ": "", "…": "muted" } as const;

/** One line of a file is one line here; the sign says it too, not only the colour. */
const patchMarkup = (patch: readonly PatchLine[]): Markup =>
  html`<pre class="patch">${patch.map(
    ({ sign, text }) => html`<span class="${signs[sign]}">${sign === "…" ? "…" : `${sign} ${text}`}</span>`,
  )}</pre>`;
