/** A film or a sound in a message. Of one that comes in sight the browser loads what it needs to say how long it is. */
import { fileAddress } from '../../lib/file-address.js';
import { fileKind } from '../../lib/file-kinds.js';
import { element } from '../element.js';
import { explain, fileHead } from './file-card.js';
import { whenSeen } from './when-seen.js';
/** @import { Sent } from './file-card.js' */

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fillMedia(box, sent) {
  const { room, file } = sent;
  const film = fileKind(file) === 'video' ? element('video', { playsInline: true }) : null;
  const media = film ?? element('audio');
  Object.assign(media, { controls: true, preload: 'none' });
  media.setAttribute('aria-label', file.name);
  media.addEventListener('error', () => explain(box, sent, {
    again: () => fillMedia(box, sent), note: 'This browser cannot play it.',
  }));
  box.replaceChildren(fileHead(box, sent), media);
  whenSeen(box, () => {
    if (film && file.preview) film.poster = fileAddress(room, file.id, '/preview');
    Object.assign(media, { preload: 'metadata', src: fileAddress(room, file.id) });
  });
}
