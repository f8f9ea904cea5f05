/**
 * Whether a text mentions somebody: `@name`, with no letter or digit after it.
 * @param {string} text
 * @param {string} name
 */
export function mentions(text, name) {
  if (!name) return false;
  const at = text.toLowerCase().indexOf(`@${name.toLowerCase()}`);
  return at >= 0 && !/[\p{L}\p{N}]/u.test(text[at + name.length + 1] ?? ' ');
}
