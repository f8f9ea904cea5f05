/** One room in the list of all: its name, what it is about, how much there is. */
import { store } from '../../lib/store.js';
import { ago } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { roomSign } from '../room-sign.js';
/** @import { RoomInfo } from '../../lib/types.d.ts' */

/**
 * `open()` opens it; `isFirst`: Enter in the field does.
 * @param {RoomInfo} info
 * @param {{ open: () => void, isFirst: boolean }} options
 */
export function roomLine(info, { open, isFirst }) {
  const { title, topic } = info;
  return html`<li><button type="button" class="item all ${isFirst ? 'enter' : ''}" @click=${open}>${roomSign(info)}
      <span class="what"><span><bdi>${title}</bdi></span>
      ${topic ? html`<small title=${topic}><bdi>${topic}</bdi></small>` : nothing}
      <small class="facts"><bdi>${facts(info)}</bdi></small></span>
      ${isFirst ? html`<kbd aria-hidden="true">Enter</kbd>` : nothing}
    </button></li>`;
}

/** @param {RoomInfo} info */
function facts({ name, here, said = 0, at, archived }) {
  if (!said) return store.rooms.has(name) || store.hasMoreRooms ? 'no messages yet' : 'nothing said yet';
  const when = at ? ago(Date.parse(at) / 1000) : '';
  const words = [here ? `${here} here now` : '', said === 1 ? '1 message' : `${said} messages`, when];
  return [archived ? 'archived' : '', ...words].filter(Boolean).join(' · ');
}
