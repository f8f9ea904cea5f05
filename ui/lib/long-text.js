/**
 * A long text in pieces that are each quick to draw: first an excerpt of its beginning, then on demand one piece after
 * another. So opening a room draws a bounded part of each message, whatever its text is. Pure.
 */
import { cutSpoiler, spoilerLength } from './spoiler.js';

const EXCERPT = { letters: 2400, lines: 24, elements: 300 };
const PIECE = { letters: 16384, lines: 300, elements: 1000 };
// Of more than 20 lines, of which 12 are shown: see `code-block.js`.
const LONG_CODE = /^(```[^`\n]*\n(?:(?!```).*\n){12})(?:(?!```).*\n){9,}```[ \t]*$/gm;
const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/gm;

/**
 * What is drawn of `text` after `open` requests for more, 0 being the excerpt: `pieces` of at most `elements` each, and
 * the `label` of the button that draws the next one, which says how much is left ('' where all is drawn). `fences`: of
 * code that goes on from one piece to the next, the line that it began with, by the piece. `folded`: all is drawn, but
 * for the most of long code.
 * @param {string} text
 * @param {number} open
 */
export function excerpt(text, open = 0) {
  const folded = !open && text.length <= PIECE.letters && fits(text.replace(LONG_CODE, '$1')) && !fits(text);
  const size = open || folded ? PIECE : EXCERPT;
  /** @type {string[]} */
  const pieces = [];
  let at = 0;
  const fences = [''];
  do {
    const end = outOfSpoiler(text, at, folded ? text.length : cut(text, at, size));
    const piece = fences[fences.length - 1] + text.slice(at, end);
    pieces.push(piece);
    at = end;
    fences.push(at < text.length ? openFence(piece) : '');
  } while (pieces.length < open && at < text.length);
  return { pieces, fences, elements: size.elements, folded, label: at < text.length ? label(text, at, open) : '' };
}

/** @param {string} text */
function fits(text) {
  return cut(text, 0, EXCERPT) === text.length;
}

/**
 * @param {string} text
 * @param {number} at
 * @param {number} open
 */
function label(text, at, open) {
  const last = cut(text, open ? at : 0, PIECE) === text.length;
  if (!last) return `Show more, ${amount(text.slice(at))} left`;
  return open ? `Show the last ${amount(text.slice(at))}` : `Show all ${amount(text)}`;
}

/** @param {string} text */
function amount(text) {
  const lines = text.trimEnd().split('\n').length;
  const [count, unit] = lines > EXCERPT.lines ? [lines, 'line'] : [Array.from(text).length, 'letter'];
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}

/**
 * Where a piece that starts at `from` ends: behind whole lines, else between two words, else between two letters.
 * @param {string} text
 * @param {number} from
 * @param {{ letters: number, lines: number }} size
 */
function cut(text, from, { letters, lines }) {
  let end = from;
  for (let count = 0; count < lines && end < text.length && end - from <= letters; count++) {
    end = text.indexOf('\n', end) + 1 || text.length;
  }
  if (end - from <= letters) return end;
  const most = text.slice(from, from + letters);
  const word = most.search(/\s\S*$/) + 1;
  return from + (word || letters - Number(/[\uD800-\uDBFF]$/.test(most)));
}

/**
 * Where a piece from `from` ends that was to end at `end`: a spoiler is never cut, as its halves would hide nothing.
 * @param {string} text
 * @param {number} from
 * @param {number} end
 */
function outOfSpoiler(text, from, end) {
  const begin = end < text.length ? cutSpoiler(text.slice(from), end - from) : -1;
  if (begin < 0) return end;
  return from + (begin || spoilerLength(text.slice(from)));
}

/**
 * The fence of a code block that a piece begins and does not end, as a line of its own.
 * @param {string} piece
 */
function openFence(piece) {
  let [open, line] = ['', ''];
  for (const [whole, mark, info] of piece.matchAll(FENCE)) {
    if (!open) [open, line] = mark[0] === '`' && info.includes('`') ? ['', ''] : [mark, whole];
    else if (mark.startsWith(open) && !info.trim()) open = '';
  }
  return open && `${line}\n`;
}
