/** What takes room among the files, in words. Pure. */
import { limitText, sizeText } from './size-text.js';
/** @import { FileSpace, Taken } from './types.d.ts' */

/** @type {Record<string, string>} */
const KINDS = { image: 'Pictures', video: 'Films', audio: 'Sound', text: 'Texts' };

/**
 * What files take, what is free, and what the limits are: a sentence each.
 * @param {FileSpace} space
 */
export function spaceSentences({ used, most, each, free, spare, unfinished }) {
  return [
    `All files together take ${sizeText(used)}.`,
    ...(free === undefined || spare === undefined ? [] : [
      `The disk has ${sizeText(free)} free, of which ${sizeText(spare)} always stay free.`,
    ]),
    `One file can be ${each ? `up to ${limitText(each)}` : 'of any size'}; ${
      most ? `all together can take ${limitText(most)}` : 'for all together there is no limit'}.`,
    ...(unfinished.files ? [`Still being sent: ${takenText(unfinished)}.`] : []),
  ];
}

/**
 * `1 file, 812 bytes`
 * @param {Taken} taken
 */
export function takenText({ files, bytes }) {
  return `${files === 1 ? '1 file' : `${files.toLocaleString('en')} files`}, ${sizeText(bytes)}`;
}

/**
 * What the files of a kind are called.
 * @param {string} kind the first part of their type
 */
export function kindName(kind) {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : 'Other files';
}
