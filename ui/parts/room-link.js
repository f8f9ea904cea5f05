/** One room in the sidebar. */
import { pathOf } from '../lib/room-name.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { icon } from './icon.js';
import { roomSign } from './room-sign.js';
import { partnerMark } from './status-mark.js';
/** @import { RoomInfo, RoomKind } from '../lib/types.d.ts' */

/** @type {Partial<Record<RoomKind, string>>} */
const NOTES = { announcements: 'announcements', private: 'private' };

/**
 * `open()` opens the room, `forget()` takes one in which nothing was said off the list. `place` is that in a list of
 * which only a part is drawn; `of` is -1 where the hub has more.
 * @param {RoomInfo} info
 * @param {{ open: () => void, forget: () => void }} on
 * @param {{ at: number, of: number } | null} place
 */
export function roomLink(info, { open, forget }, place) {
  const { name, kind, title, with: other } = info;
  const current = name === store.room?.name;
  const unread = store.unreadIn(name);
  const unsaid = kind === 'public' && name !== 'general' && !store.rooms.has(name) && !store.hasMoreRooms;
  const note = unsaid ? 'nothing said yet' : NOTES[kind];
  const click = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return; // the browser opens it elsewhere
    event.preventDefault();
    open();
  };
  const sign = kind === 'direct' ? avatarIcon(other ?? title, title, 'tiny') : roomSign(info);
  // The note is read out with the title, in one element: between two a space would be read.
  return html`<li class=${unsaid ? 'unsaid' : ''} aria-posinset=${place?.at ?? nothing}
      aria-setsize=${place?.of ?? nothing}><a class="room ${unread && !current ? 'unread' : ''}"
      href=${pathOf(name)} aria-current=${current ? 'page' : nothing} @click=${click}>
      ${sign}<span class="label" title=${title} aria-hidden=${note ? 'true' : nothing}><bdi>${title}</bdi></span>${note
        ? html`<span class="quiet">${title}, ${note}</span>`
        : nothing}
      ${partnerMark(info)}
      ${unreadBadge(unread, store.mentionsIn(name))}
    </a>${unsaid ? forgetButton(title, forget) : nothing}</li>`;
}

/**
 * @param {number} unread
 * @param {number} mentions
 */
function unreadBadge(unread, mentions) {
  if (mentions) {
    const label = mentions < unread ? `${unread} unread, ${mentions} for you` : `${unread} unread`;
    return html`<span class="badge" role="img" aria-label=${label}>${mentions > 99 ? '99+' : mentions}</span>`;
  }
  return unread ? html`<span class="quiet" role="img" aria-label=${`${unread} unread`}></span>` : nothing;
}

/**
 * @param {string} title
 * @param {() => void} forget
 */
function forgetButton(title, forget) {
  return html`<button type="button" class="knob" aria-label=${`Take ${title} off the list`} title="Take off the list"
    @click=${forget}>${icon('close')}</button>`;
}
