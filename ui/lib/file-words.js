/** What of a file is told in words. Pure. */

const [LONG, END] = [12, 4]; // letters of a name: from so many on, its last ones stay together with the extension
/** Extensions of texts that have no colours. */
const PLAIN = new Set(['', 'txt', 'text', 'log', 'csv', 'tsv', 'srt', 'vtt']);
const VOICE = /^(Voice message) \d{4}-\d\d-\d\d \d\d\.\d\d( \(\d+\))?\.(webm|ogg|m4a)$/;

/**
 * The extension of a name without its point, in small letters; '' where it has none.
 * @param {string} name
 */
export function extensionOf(name) {
  return endOf(name).slice(1).toLowerCase();
}

/**
 * A name in the part that may be cut off where there is little room, and the end that is always seen.
 * @param {string} name
 */
export function nameParts(name) {
  const end = endOf(name);
  const stem = name.slice(0, name.length - end.length);
  const kept = stem.length > LONG && /^[ -~]+$/.test(stem) ? END : 0; // no letters that join, or run the other way
  return [stem.slice(0, stem.length - kept), stem.slice(stem.length - kept) + end];
}

/**
 * What a file is called beside a message: of a voice message no date, as the message has its own.
 * @param {string} name
 */
export function shownName(name) {
  return VOICE.exec(name)?.[1] ?? name;
}

/**
 * The word by which colours of code are found for a file of this name, '' for none.
 * @param {string} name
 */
export function codeWord(name) {
  const extension = extensionOf(name);
  return PLAIN.has(extension) ? '' : extension;
}

/** @param {string} name */
function endOf(name) {
  return /^.+(\.[\w+-]{1,12})$/.exec(name)?.[1] ?? '';
}
