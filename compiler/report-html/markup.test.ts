import fc from "fast-check";
import { expect, test } from "vitest";
import { html, Markup } from "./markup.ts";

test("what is put in is text, in elements and in attributes", () => {
  const name = `"><script>alert('1')</script>&amp;`;
  expect(html`<b title="${name}">${name}</b>`.text).toBe(
    '<b title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</b>',
  );
});

test("markup within markup, lists and what is not there", () => {
  const rows = ["a", "<"].map((each) => html`<li>${each}</li>`);
  expect(html`<ul>${rows}${undefined}${false}${0}</ul>`.text).toBe("<ul><li>a</li><li>&lt;</li>0</ul>");
});

test("what cannot be seen, or turns text around, is shown by its number", () => {
  expect(html`${"a\u202eb\u0000\u200b\ufeff\ud800c"}`.text).toBe(
    "a\\u{202e}b\\u{0}\\u{200b}\\u{feff}\\u{d800}c",
  );
  expect(html`${"two\n\tlines, Zürich, 東京"}`.text).toBe("two\n\tlines, Zürich, 東京");
});

test("no text has a character that markup is made of", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units);
      expect(html`${text}`).toBeInstanceOf(Markup);
      expect(html`${text}`.text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[<>"'&]/);
    }),
  );
});
