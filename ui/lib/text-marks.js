/** Marks put around what is selected in a text, or taken off it. Pure: text, selection -> change, new selection. */
/** @import { MarkName, TextChange } from './types.d.ts' */

/** @type {Partial<Record<MarkName, string>>} what is put before and behind */
const AROUND = { bold: '**', italic: '*', strike: '~~', spoiler: '||' };
/** @type {Partial<Record<MarkName, string>>} what a line begins with */
const BEFORE = { quote: '> ', list: '- ' };
const ADDRESS = /^(?:https?:\/\/|mailto:|www\.)\S+$/i;
const LINK = /\[((?:\\.|[^\]\\\n])*)\]\([^()\s]*\)/g;
const PREFIX = /^\s*(?:(?:[-*+]|\d{1,9}[.)]|>)\s+)*/;

/**
 * `start` and `end` are what is selected; the same for both is a caret. Returns what to put where, and what is selected
 * then.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {MarkName} name
 * @returns {TextChange}
 */
export function toggleMark(text, start, end, name) {
  if (BEFORE[name]) return toggleLines(text, start, end, BEFORE[name]);
  const selected = text.slice(start, end);
  const from = selected.trim() ? start + selected.length - selected.trimStart().length : start;
  const to = selected.trim() ? start + selected.trimEnd().length : start;
  if (name === 'link') return toggleLink(text, from, to);
  if (name === 'code') return toggleCode(text, from, to);
  return toggleAround(text, from, to, AROUND[name] ?? '');
}

/**
 * How many marks of the kind that `mark` is made of stand on both sides.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} sign
 */
function signsAround(text, from, to, sign) {
  let count = 0;
  while (text[from - count - 1] === sign && text[to + count] === sign) count += 1;
  return count;
}

/**
 * Two stars are bold, one is italic, three are both.
 * @param {number} count
 * @param {string} mark
 */
function has(count, mark) {
  return mark === '*' ? count % 2 === 1 : count >= 2;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} mark
 * @returns {TextChange}
 */
function toggleAround(text, from, to, mark) {
  const selected = text.slice(from, to);
  if (selected.includes('\n')) return aroundLines(selected, from, to, mark);
  const { length } = mark;
  if (has(signsAround(text, from, to, mark[0]), mark)) {
    return change(from - length, to + length, selected, 0, selected.length);
  }
  const inner = unmarked(selected, mark);
  if (inner !== null) return change(from, to, inner, 0, inner.length);
  return change(from, to, mark + selected + mark, length, selected.length);
}

/**
 * What is between the marks at both ends of a text; null where these are none.
 * @param {string} text
 * @param {string} mark
 */
function unmarked(text, mark) {
  let count = 0;
  const last = text.length - 1;
  while (count * 2 + 1 < last && text[count] === mark[0] && text[last - count] === mark[0]) count += 1;
  return has(count, mark) ? text.slice(mark.length, -mark.length) : null;
}

/**
 * Each line has marks of its own: they would not reach over a blank line, nor from one entry of a list to the next.
 * @param {string} selected
 * @param {number} from
 * @param {number} to
 * @param {string} mark
 */
function aroundLines(selected, from, to, mark) {
  const lines = selected.split('\n').map((line) => {
    const [prefix] = /** @type {RegExpMatchArray} */ (line.match(PREFIX));
    return { prefix, body: line.slice(prefix.length).trimEnd() };
  });
  const marked = lines.every(({ body }) => !body || unmarked(body, mark) !== null);
  const text = lines.map(({ prefix, body }) => {
    if (!body) return prefix;
    const inner = unmarked(body, mark);
    if (inner === null) return prefix + mark + body + mark;
    return prefix + (marked ? inner : body);
  }).join('\n');
  return change(from, to, text, 0, text.length);
}

/**
 * Several lines become a block with fences of its own lines.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {TextChange}
 */
function toggleCode(text, from, to) {
  const selected = text.slice(from, to);
  const fence = text.slice(0, from).match(/(?:^|\n)(`{3,})[^`\n]*\n$/)?.[1];
  const end = fence && text.slice(to).match(/^\n(`{3,})[ \t]*(?=\n|$)/);
  if (fence && end && end[1] === fence) {
    const start = text.lastIndexOf('\n', from - 2) + 1;
    return change(start, to + end[0].length, selected, 0, selected.length);
  }
  if (selected.includes('\n')) {
    const signs = '`'.repeat(Math.max(3, longestRun(selected) + 1));
    const before = from && text[from - 1] !== '\n' ? '\n' : '';
    const after = text[to] && text[to] !== '\n' ? '\n' : '';
    const block = `${before}${signs}\n${selected}\n${signs}${after}`;
    return change(from, to, block, before.length + signs.length + 1, selected.length);
  }
  const count = signsAround(text, from, to, '`');
  if (count) return change(from - count, to + count, selected, 0, selected.length);
  const inner = selected.match(/^(`+)([^`]+)\1$/)?.[2];
  if (inner) return change(from, to, inner, 0, inner.length);
  const signs = '`'.repeat(longestRun(selected) + 1);
  const space = /^`|`$/.test(selected) ? ' ' : '';
  return change(from, to, signs + space + selected + space + signs, signs.length + space.length, selected.length);
}

/** @param {string} text */
function longestRun(text) {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {TextChange}
 */
function toggleLink(text, from, to) {
  for (const { 0: whole, 1: words, index } of text.matchAll(LINK)) {
    if (index > from || index + whole.length < to) continue;
    const plain = words.replace(/\\([[\]])/g, '$1');
    return change(index, index + whole.length, plain, 0, plain.length);
  }
  const selected = text.slice(from, to);
  if (!selected) return change(from, to, '[](url)', 1, 0);
  if (ADDRESS.test(selected)) return change(from, to, `[](${selected})`, 1, 0);
  const words = selected.replace(/\s*\n\s*/g, ' ').replace(/[[\]]/g, '\\$&');
  return change(from, to, `[${words}](url)`, words.length + 3, 3);
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {string} mark
 * @returns {TextChange}
 */
function toggleLines(text, start, end, mark) {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(start, end - (text[end - 1] === '\n' ? 1 : 0)));
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const all = lines.every((line) => !line.trim() || line.startsWith(mark)) && lines.some((line) => line.trim());
  const alone = lines.length === 1;
  const fresh = lines.map((line) => {
    if (all) return line.startsWith(mark) ? line.slice(mark.length) : line;
    return line.trim() || alone ? mark + line : line;
  }).join('\n');
  if (start !== end) return change(from, to, fresh, 0, fresh.length);
  const caret = Math.max(0, start - from + (all ? -mark.length : mark.length));
  return change(from, to, fresh, caret, 0);
}

/**
 * `at` and `length`: what is selected of `text`, once it stands in place of what was from `start` to `end`.
 * @param {number} start
 * @param {number} end
 * @param {string} text
 * @param {number} at
 * @param {number} length
 * @returns {TextChange}
 */
function change(start, end, text, at, length) {
  return { start, end, text, selection: [start + at, start + at + length] };
}
