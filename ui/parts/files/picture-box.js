/** A picture in a message: a small one first where there is one, then itself. */
import { fileAddress } from '../../lib/file-address.js';
import { element } from '../element.js';
import { raise } from '../raise.js';
import { explain } from './file-card.js';
/** @import { Sent } from './file-card.js' */
/** @import { ShownPicture } from '../../lib/types.d.ts' */
/** @import { RowNode } from '../types.d.ts' */

const LARGE = 8 * 2 ** 20; // bytes: of a larger one the small one will do until it is opened

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fillPicture(box, sent) {
  const { room, file } = sent;
  const isSmall = Boolean(file.width && file.height && Math.max(file.width, file.height) < 44);
  const whole = image(file.name);
  const className = isSmall ? 'file-open small' : 'file-open';
  const button = element('button', {
    type: 'button', className, title: file.name, aria: { haspopup: 'dialog' },
  }, whole);
  whole.onerror = () => explain(box, sent, {
    again: () => fillPicture(box, sent), note: 'This browser cannot show it.',
  });
  const load = () => { whole.src = fileAddress(room, file.id); };
  button.addEventListener('click', () => open(box));
  box.replaceChildren(button);
  if (!file.preview) return load();
  const first = image('');
  first.onerror = load;
  first.onload = file.size > LARGE ? () => null : load;
  whole.onload = () => first.remove();
  first.src = fileAddress(room, file.id, '/preview');
  button.prepend(first);
}

/** @param {string} alt */
function image(alt) {
  return element('img', { alt, loading: 'lazy', decoding: 'async', draggable: false });
}

/**
 * Opens it, among the other pictures of the messages that are drawn.
 * @param {HTMLElement} box
 */
function open(box) {
  const all = [...box.closest('[role="log"]')?.querySelectorAll('.file-picture') ?? []].filter((each) => shownIn(each));
  const pictures = all.map((each) => /** @type {ShownPicture} */ (shownIn(each)));
  raise(box, 'show-picture', { pictures, at: all.indexOf(box) });
}

/**
 * @param {HTMLElement} box
 * @returns {ShownPicture | null}
 */
function shownIn(box) {
  /** @type {RowNode | null} */
  const row = box.closest('.msg');
  const message = row?.row.message;
  const file = message?.files?.find(({ id }) => id === box.dataset.id);
  return message && file ? { room: message.room, n: message.n, at: message.at, by: message.by, file } : null;
}
