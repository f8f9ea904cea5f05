/**
 * The boxes of a message's files. Each has the size of what is drawn into it once what draws it has come, so that
 * nothing moves then.
 */
import { fileKind, pictureBox, pictureColumns, previewLines } from '../lib/file-kinds.js';
import { element } from './element.js';
import { loaded } from './loaded.js';
/** @import { SentFile } from '../lib/types.d.ts' */

/** @param {SentFile[]} files */
export function fileBoxes(files) {
  loaded(() => import('./files/files.js'));
  const pictures = files.filter((file) => fileKind(file) === 'picture');
  const others = files.filter((file) => fileKind(file) !== 'picture');
  return element('hearth-files', {}, pictures.length > 1 ? grid(pictures) : null,
    ...(pictures.length > 1 ? others : [...pictures, ...others]).map(box));
}

/** @param {SentFile[]} pictures */
function grid(pictures) {
  const node = element('div', { className: 'pictures' },
    ...pictures.map((file) => element('div', { className: 'file file-picture', data: { id: file.id } }, file.name)));
  node.style.setProperty('--columns', String(pictureColumns(pictures.length)));
  return node;
}

// Until it is drawn, and for whoever has the message read out as it comes, it holds the name.
/** @param {SentFile} file */
function box(file) {
  const kind = fileKind(file);
  const node = element('div', { className: `file file-${kind}`, data: { id: file.id } }, file.name);
  if (kind === 'picture') {
    const [width, height] = pictureBox(file);
    node.style.setProperty('inline-size', `${width}px`);
    node.style.setProperty('aspect-ratio', `${width} / ${height}`);
  }
  if (kind === 'text') node.style.setProperty('--lines', String(previewLines(file.size)));
  return node;
}

/**
 * Puts a message that was drawn anew in the place of its row. With `sameFiles` these stay as they are: a film plays on,
 * and a text that was unfolded stays so.
 * @param {HTMLElement} before
 * @param {HTMLElement} after
 * @param {boolean} sameFiles
 */
export function replaceRow(before, after, sameFiles) {
  const files = sameFiles ? before.querySelector('hearth-files') : null;
  const place = document.createComment('');
  if (files) after.querySelector('hearth-files')?.replaceWith(place);
  before.after(after);
  if (files && place.parentElement) moveTo(place, files);
  before.remove();
}

/**
 * @param {Comment} place
 * @param {HTMLElement} files
 */
function moveTo(place, files) {
  /** @type {(Element & { moveBefore?: (node: Node, child: Node) => void }) | null} */
  const parent = place.parentElement;
  if (parent?.moveBefore) {
    parent.moveBefore(files, place);
    place.remove();
    return;
  }
  /** @type {NodeListOf<HTMLMediaElement>} */
  const all = files.querySelectorAll('video, audio');
  const playing = [...all].filter((media) => !media.paused);
  place.replaceWith(files);
  for (const media of playing) media.play(); // in older browsers it stops
}
