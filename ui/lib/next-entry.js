/** A new line in a list or a quote goes on with it. Pure. */
/** @import { TextChange } from './types.d.ts' */

const ENTRY = /^(\s*)([-*+]|(\d{1,8})([.)])|>)( +)(\[[ xX]\] +)?(.*)$/;

/**
 * What a new line at `caret` puts into a text within a list or a quote; null elsewhere, where it is a new line and no
 * more. In an entry without words it ends the list.
 * @param {string} text
 * @param {number} caret
 * @returns {TextChange | null}
 */
export function nextEntry(text, caret) {
  const before = text.slice(0, caret);
  const start = before.lastIndexOf('\n') + 1;
  const found = before.slice(start).match(ENTRY);
  if (!found || (before.match(/^```/gm) ?? []).length % 2) return null; // code has no lists
  const [, indent, mark, number, point, space, task, words] = found;
  if (!words.trim()) return { start, end: caret, text: '', selection: [start, start] };
  const sign = number ? `${Number(number) + 1}${point}` : mark;
  const fresh = `\n${indent}${sign}${space}${task ? '[ ] ' : ''}`;
  return { start: caret, end: caret, text: fresh, selection: [caret + fresh.length, caret + fresh.length] };
}
