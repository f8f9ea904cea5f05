/** How a file of a message is shown, and how large: known before anything of it is loaded. Lengths in CSS pixels. */
/** @import { SentFile } from './types.d.ts' */

/** @typedef {'picture' | 'video' | 'sound' | 'text' | 'card' | 'expired'} FileKind */

const PICTURES = /^image\/(png|jpeg|gif|webp|avif)$/;
const PIXELS = 100e6; // of a picture: more would take a browser too much memory
const [WIDTH, HEIGHT] = [360, 300]; // of a picture at most
const LEAST = 44; // of a picture, as it is pressed

/**
 * @param {SentFile} file
 * @returns {FileKind}
 */
export function fileKind({ type, size, width = 0, height = 0, expired = false }) {
  if (expired) return 'expired';
  const pixels = width * height;
  if (PICTURES.test(type)) return pixels > 0 && pixels <= PIXELS ? 'picture' : 'card';
  if (/^video\/(mp4|webm)$/.test(type)) return 'video';
  if (/^audio\/(mpeg|ogg|mp4|wav|webm)$/.test(type)) return 'sound';
  return type === 'text/plain' && size ? 'text' : 'card';
}

/**
 * The width and height of the box of a picture that stands alone.
 * @param {SentFile} file
 */
export function pictureBox({ width = 1, height = 1 }) {
  const scale = Math.min(1, WIDTH / width, HEIGHT / height);
  return [width, height].map((length) => Math.max(LEAST, Math.round(length * scale)));
}

/**
 * How many of several pictures stand side by side.
 * @param {number} count
 */
export function pictureColumns(count) {
  if (count === 2 || count === 4) return 2;
  return count > 9 ? 4 : 3;
}

/**
 * The lines for which there is room in the preview of a text of so many bytes: few are shorter than it seems.
 * @param {number} size
 */
export function previewLines(size) {
  return Math.min(12, Math.max(2, Math.ceil(size / 30)));
}
