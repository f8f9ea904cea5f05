/** Which files of a room are looked for. Pure. */
import { fileKind } from './file-kinds.js';
/** @import { RoomFile, SentFile } from './types.d.ts' */

/** @typedef {{ kind: string, who: string, text: string }} FileFilter `''` is all of them */

/** What files can be looked for by, with what it is called. */
export const FILE_KINDS = [
  ['', 'All files'], ['picture', 'Pictures'], ['video', 'Videos'], ['sound', 'Sound'], ['document', 'Documents'],
];

/**
 * @param {RoomFile} file
 * @param {FileFilter} filter
 */
export function isWanted(file, { kind, who, text }) {
  return (!kind || kindOf(file) === kind) && (!who || authorOf(file) === who)
    && file.name.normalize('NFC').toLowerCase().includes(text.trim().normalize('NFC').toLowerCase());
}

/**
 * Who sent these files, by name.
 * @param {RoomFile[]} files
 * @returns {{ who: string, name: string }[]}
 */
export function sendersOf(files) {
  const names = new Map([...files].reverse().map((file) => [authorOf(file), file.by])); // the latest name counts
  return [...names].map(([who, name]) => ({ who, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {RoomFile} file */
function authorOf({ who, by }) {
  return who ?? `name ${by}`;
}

/** @param {SentFile} file */
function kindOf(file) {
  const kind = fileKind(file);
  if (kind === 'text' || kind === 'card') return file.type.startsWith('image/') ? 'picture' : 'document';
  return kind;
}
