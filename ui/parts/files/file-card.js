/** A file as a card: its kind, its name, its size, and the way to keep it. Also what stands there once it is gone. */
import { fileAddress } from '../../lib/file-address.js';
import { extensionOf, nameParts, shownName } from '../../lib/file-words.js';
import { sizeText } from '../../lib/size-text.js';
import { store } from '../../lib/store.js';
import { element } from '../element.js';
import { iconNode } from '../icon.js';
import { askFor } from './ask-for.js';
/** @import { SentFile } from '../../lib/types.d.ts' */

/** @typedef {{ room: string, file: SentFile }} Sent */

/**
 * A name whose end is always seen, and that runs in its own direction. `shown` is what stands for it.
 * @param {string} name
 */
export function nameNode(name, shown = name) {
  const [start, end] = nameParts(shown);
  return element('bdi', { className: 'file-name', dir: 'auto', title: name },
    element('span', {}, start), element('bdi', {}, end));
}

/** @param {string} name */
export function kindSign(name) {
  const extension = extensionOf(name);
  const sign = extension && extension.length < 6 ? extension.toUpperCase() : iconNode('file');
  return element('span', { className: 'file-sign', aria: { hidden: 'true' } }, sign);
}

/**
 * Fills the box with a card, all of which is the link; `note` stands beside the size.
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fillCard(box, sent, note = '') {
  const { name, size } = sent.file;
  const words = element('span', { className: 'what' }, nameNode(name),
    element('small', {}, element('bdi', {}, sizeText(size)), note && ` · ${note}`));
  const link = downloadLink(box, sent, 'file-link');
  link.setAttribute('aria-label', `Download ${name}, ${sizeText(size)}`);
  link.prepend(kindSign(name), words);
  box.replaceChildren(link);
}

/**
 * The line above what is shown of a file.
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fileHead(box, sent) {
  const { name, size } = sent.file;
  return element('div', { className: 'file-head' }, nameNode(name, shownName(name)),
    element('small', {}, element('bdi', {}, sizeText(size))), downloadLink(box, sent, 'knob'));
}

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 * @param {string} className
 */
function downloadLink(box, sent, className) {
  const { room, file } = sent;
  const label = `Download ${file.name}`;
  const link = element('a', {
    className, href: fileAddress(room, file.id, '?download=1'), download: file.name, title: label, aria: { label },
  }, iconNode('download'));
  link.addEventListener('click', downloadPress(sent, () => fillGone(box, file)));
  return link;
}

/**
 * A click handler of a link by which a file is kept: the browser gets it only if it is there.
 * @param {Sent} sent
 * @param {() => void} onGone
 */
export function downloadPress({ room, file }, onGone) {
  let isThere = false;
  return async (/** @type {MouseEvent} */ event) => {
    if (isThere || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = /** @type {HTMLElement} */ (event.currentTarget);
    event.preventDefault();
    if (await isFileGone(room, file)) return void onGone();
    isThere = true;
    link.click();
    isThere = false;
  };
}

/**
 * Whether the hub says that it does not have the file any more.
 * @param {string} room
 * @param {SentFile} file
 */
export async function isFileGone(room, file) {
  return isGone(await problemOf(room, file));
}

/**
 * A file cannot be shown: says why, or how it can be kept. `again()` tries once more, also once the hub is back.
 * @param {HTMLElement} box
 * @param {Sent} sent
 * @param {{ again: () => void, problem?: unknown, note?: string }} how `problem`: why, where it is known; `note`: what
 *   is said of a file that is there
 */
export async function explain(box, sent, { again, problem, note }) {
  const why = problem ?? await problemOf(sent.room, sent.file);
  if (isGone(why)) return fillGone(box, sent.file);
  if (!why) return fillCard(box, sent, note);
  const button = element('button', { type: 'button', className: 'plainlink' }, 'Try again');
  const failure = element('p', { className: 'file-gone' }, 'This file did not come. ', button);
  const stop = store.watch(['connection'], () => ['live', 'polling'].includes(store.connection) && retry());
  const retry = () => {
    stop();
    if (failure.isConnected) again();
  };
  button.addEventListener('click', retry);
  box.replaceChildren(failure);
}

/**
 * @param {HTMLElement} box
 * @param {SentFile} file
 */
export function fillGone(box, { name }, why = 'This file is not there any more.') {
  const lost = box.contains(document.activeElement);
  box.replaceChildren(element('p', { className: 'file-gone', title: name },
    nameNode(name, shownName(name)), why));
  if (lost) box.closest('.msg')?.focus({ preventScroll: true });
}

/**
 * Why a file does not come, or null where it does.
 * @param {string} room
 * @param {SentFile} file
 */
function problemOf(room, { id }) {
  return askFor('file-text', { room, id, bytes: 1 }).then(() => null, (problem) => problem);
}

/** @param {any} problem */
function isGone(problem) {
  return problem?.status === 404 || problem?.status === 410;
}
