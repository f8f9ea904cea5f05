/** A person's colour, one of twelve CSS classes `tint-0` … `tint-11`, and their initials. */
const TINTS = 12;
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(); // one takes long to make

/** @param {string} id */
export function tint(id) {
  let hash = 2166136261;
  for (const letter of String(id)) hash = Math.imul(hash ^ Number(letter.codePointAt(0)), 16777619);
  return (hash >>> 0) % TINTS;
}

/** @param {string} name */
export function initials(name) {
  const words = String(name).split(/[\s._-]+/u).filter(Boolean);
  const first = letters(words[0] ?? '?');
  const second = words.length > 1 ? letters(words[words.length - 1]) : '';
  return (first + second).toLocaleUpperCase();
}

/**
 * A first letter keeps its combining marks; an emoji made of several points stays whole.
 * @param {string} word
 */
function letters(word) {
  if (segmenter) {
    const [first] = segmenter.segment(word);
    return first?.segment ?? '';
  }
  return Array.from(word)[0] ?? '';
}
