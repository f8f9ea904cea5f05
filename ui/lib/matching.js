/** Finds names by any part of them, in every script; case and accents do not matter. Pure. */

/**
 * A text without case, accents and other marks, to be compared with others.
 * @param {string} text
 */
export function folded(text) {
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return plain.toUpperCase().toLowerCase().replace(/ς/g, 'σ').normalize('NFKD').replace(/\p{M}+/gu, '');
}

/**
 * How well a name fits: 0 where it begins so, 1 where one of its words does, 2 where the text stands within one, and
 * infinity where it has no such part. Both are folded.
 * @param {string} name
 * @param {string} part
 */
export function rank(name, part) {
  if (name.startsWith(part)) return 0;
  let best = Infinity;
  for (let at = name.indexOf(part); at > 0; at = name.indexOf(part, at + 1)) {
    best = Math.min(best, /[\p{L}\p{N}]$/u.test(name.slice(0, at)) ? 2 : 1);
  }
  return best;
}

/**
 * Those of a list whose name has this part, the best ones first and else in their order.
 * @template T
 * @param {T[]} list
 * @param {string} part
 * @param {(item: T) => string} nameOf
 */
export function matching(list, part, nameOf) {
  const wanted = folded(part.trim());
  const ranked = list.map((item) => ({ item, place: rank(folded(nameOf(item)), wanted) }));
  return ranked.filter(({ place }) => place < 3).sort((a, b) => a.place - b.place).map(({ item }) => item);
}
