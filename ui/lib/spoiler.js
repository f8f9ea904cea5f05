/** Spoilers, `||like this||`: where one ends, and where one is left open. Code and what is escaped hold none. Pure. */

const LONGEST = 20000; // letters

/**
 * How many letters the spoiler has that `text` begins with, marks included; 0 where it begins with none. As with other
 * marks, nothing is hidden where a space is next to the marks: `a || b || c` is a line of a program.
 * @param {string} text
 */
export function spoilerLength(text) {
  if (!opens(text, 0)) return 0;
  const paragraph = text.search(/\n[ \t]*\n/);
  const end = paragraph < 0 ? Math.min(text.length, LONGEST) : paragraph;
  for (let at = 2; at < end; at = next(text, at)) {
    if (at > 2 && text.startsWith('||', at) && /\S/.test(text[at - 1])) return at + 2;
  }
  return 0;
}

/**
 * Where the spoiler begins in which the cut at `end` would fall, or -1 where it falls into none.
 * @param {string} text
 * @param {number} end
 */
export function cutSpoiler(text, end) {
  const before = text.slice(0, end);
  const paragraph = [...before.matchAll(/\n[ \t]*\n/g)].pop();
  let at = paragraph ? paragraph.index + paragraph[0].length : 0;
  while (at < end) {
    if (!opens(text, at)) {
      at = next(text, at);
      continue;
    }
    const length = spoilerLength(text.slice(at, at + LONGEST));
    if (!length) return -1; // nor does one that opens later find its end
    if (at + length > end) return at;
    at += length;
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} at
 */
function opens(text, at) {
  return text.startsWith('||', at) && /[^\s|]/.test(text[at + 2] ?? ' ');
}

/**
 * The place behind the letter, the escaped letter or the code that is at `at`.
 * @param {string} text
 * @param {number} at
 */
function next(text, at) {
  if (text[at] === '\\') return at + 2;
  if (text[at] !== '`') return at + 1;
  const mark = /** @type {RegExpMatchArray} */ (text.slice(at).match(/^`+/))[0];
  let end = at + mark.length;
  for (;;) {
    end = text.indexOf(mark, end);
    if (end < 0) return at + mark.length;
    let behind = end + mark.length;
    while (text[behind] === '`') behind += 1;
    if (behind - end === mark.length) return behind;
    end = behind;
  }
}
