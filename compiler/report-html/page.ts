/** A page: one file that asks nothing of anybody, and says so in its policy. */
import { pureSha256 } from "../store/digest.ts";
import { html, Markup, type Part } from "./markup.ts";
import { script } from "./script.ts";
import type { Sheet } from "./sheet.ts";
import { style } from "./style.ts";

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Part;
}

export interface Page {
  readonly title: string;
  /** Below the title. */
  readonly head: Part;
  readonly sections: readonly Section[];
  readonly foot: Part;
  readonly sheet: Sheet;
}

export function pageText({ title, head, sections, foot, sheet }: Page): string {
  const styles = style + sheet.text;
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(styles)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${raw(styles)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${head}
<nav aria-label="Sections">${sections.map(({ id, title: name }) => html`<a href="#${id}">${name}</a>`)}</nav>
</header>
<main>
${sections.map(sectionMarkup)}
</main>
<footer>${foot}</footer>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.text;
}

const sectionMarkup = ({ id, title, body }: Section): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`;

/** Style, script and policy are ours; nobody else's text is in them. */
const raw = (text: string): Markup => new Markup(text);

/** As a policy names what it allows. */
function hashOf(text: string): string {
  const digits = pureSha256(new TextEncoder().encode(text));
  const bytes = digits.match(/../g)!.map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return `sha256-${btoa(bytes.join(""))}`;
}
