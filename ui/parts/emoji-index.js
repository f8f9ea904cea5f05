/** The emoji of the reader's language, loaded when they are first needed. */
import { EmojiIndex } from '../lib/emoji.js';
/** @import { Component } from './component.js' */

const KNOWN = '😀'; // every system that draws any emoji draws this one
const SIZE = 20; // px
/** @type {Promise<EmojiIndex> | null} */
let coming = null;

/**
 * Rejects with a Problem where they do not come; the next call asks again.
 * @param {Component} asker
 */
export function emojiIndex(asker) {
  if (!coming) {
    coming = asker.request('emoji').then((columns) => new EmojiIndex(columns, drawn()));
    coming.catch(() => {
      coming = null;
    });
  }
  return coming;
}

/**
 * Tells whether the system draws an emoji: as wide as another one and in its own colours, whatever the ink. Browsers
 * that hide what they draw, so as not to be recognised, draw everything for all we know.
 * @returns {(text: string) => boolean}
 */
function drawn() {
  const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return () => true;
  pen.font = `${SIZE * 0.75}px sans-serif`;
  pen.textBaseline = 'top';
  const width = pen.measureText(KNOWN).width * 1.5;
  const look = (/** @type {string} */ text, /** @type {string} */ ink) => {
    pen.clearRect(0, 0, SIZE, SIZE);
    pen.fillStyle = ink;
    pen.fillText(text, 0, 0);
    return pen.getImageData(0, 0, SIZE, SIZE).data.join();
  };
  const isDrawn = (/** @type {string} */ text) => {
    return pen.measureText(text).width < width && look(text, '#000') === look(text, '#fff');
  };
  return isDrawn(KNOWN) ? isDrawn : () => true;
}
