/** Names in generated AssemblyScript. */

/** `negative_ttl` → `negativeTtl`. */
export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `negative_ttl` → `NegativeTtl`. */
export const pascal = (name: string): string => {
  const inner = camel(name);
  return inner.slice(0, 1).toUpperCase() + inner.slice(1);
};

const reserved = new Set([
  "class",
  "default",
  "delete",
  "export",
  "function",
  "get",
  "import",
  "module",
  "new",
  "of",
  "private",
  "protected",
  "public",
  "return",
  "set",
  "static",
  "switch",
  "type",
  "var",
  "void",
  "with",
]);

/** A field's name; words that the language of the code reserves get a trailing underscore. */
export const field = (name: string): string => (reserved.has(camel(name)) ? `${camel(name)}_` : camel(name));
