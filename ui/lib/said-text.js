/** What a message says in one line, for quotes, pins and the like. */
import { snippet } from './markdown.js';
/** @import { SentFile } from './types.d.ts' */

/**
 * Its words, at most `longest` letters of them, or where it has none the names of its files.
 * @param {object} said a message, or whatever has its text and files
 */
export function saidText(said, longest = 140) {
  const { text = '', files = [] } = /** @type {{ text?: string, files?: SentFile[] }} */ (said);
  return snippet(text, longest) || fileNames(files);
}

/**
 * The name of the first file, and how many more there are. It stands apart from the words behind it, which would
 * change places with a name that runs from right to left.
 * @param {SentFile[]} files
 */
export function fileNames([first, ...others]) {
  if (!first) return '';
  return others.length ? `\u2068${first.name}\u2069 and ${others.length} more` : first.name;
}
