/** One room in the sidebar. */
import { pathOf } from '../lib/room-name.js';
import { roomPreferences } from '../lib/room-preferences.js';
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
 * `expect()` is called as the link is pressed; `open()` opens the room, `menu()` its options, `forget()` takes one in
 * which nothing was said off the list. `place` is that in a list of which only a part is drawn; `of` is -1 where the
 * hub has more.
 * @param {RoomInfo} info
 * @param {{ expect: () => void, open: () => void, menu: () => void, forget: () => void }} on
 * @param {{ at: number, of: number } | null} place
 */
export function roomLink(info, { expect, open, menu, forget }, place) {
  const { name, kind, title } = info;
  const current = name === store.room?.name;
  const unread = store.unreadIn(name);
  const muted = Boolean(roomPreferences(store.preferences).of(name).muted);
  const unsaid = kind === 'public' && name !== 'general' && !store.rooms.has(name) && !store.hasMoreRooms;
  const note = unsaid ? 'nothing said yet' : NOTES[kind];
  // The note is read out with the title, in one element: between two a space would be read.
  return html`<li class=${unsaid ? 'unsaid' : 'tooled'} data-room=${name} aria-posinset=${place?.at ?? nothing}
      aria-setsize=${place?.of ?? nothing}><a class="room ${unread && !current && !muted ? 'unread' : ''}"
      href=${pathOf(name)} aria-current=${current ? 'page' : nothing}
      @pointerdown=${expect} @click=${(/** @type {MouseEvent} */ event) => follow(event, open)}>
      ${signFor(info)}<span class="label" title=${title}
        aria-hidden=${note ? 'true' : nothing}><bdi>${title}</bdi></span>${note
        ? html`<span class="quiet">${title}, ${note}</span>`
        : nothing}
      ${partnerMark(info)}
      ${muted ? quietCount(info, unread) : unreadBadge(unread, store.mentionsIn(name))}
    </a>${unsaid ? forgetButton(title, forget) : menuButton(title, menu)}</li>`;
}

/** @param {RoomInfo} info */
function signFor(info) {
  const { kind, title, with: other } = info;
  return kind === 'direct' ? avatarIcon(other ?? title, title, 'tiny') : roomSign(info);
}

/**
 * @param {MouseEvent} event
 * @param {() => void} open
 */
function follow(event, open) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return; // the browser opens it elsewhere
  event.preventDefault();
  open();
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

// In a muted room only what names somebody has a badge.
/**
 * @param {RoomInfo} info
 * @param {number} unread
 */
function quietCount({ name, kind }, unread) {
  const mentions = kind === 'direct' ? 0 : store.mentionsIn(name);
  const count = unread
    ? html`<span class="hush" role="img" aria-label=${`${unread} unread, muted`}>${unread > 99 ? '99+' : unread}</span>`
    : html`<span class="quiet">, muted</span>`;
  return html`${icon('mute', 'hushed')}${mentions ? unreadBadge(unread, mentions) : count}`;
}

// With keys it is Alt and Enter, or the menu key: a stop for each row would be twice as many.
/**
 * @param {string} title
 * @param {() => void} menu
 */
function menuButton(title, menu) {
  return html`<button type="button" class="knob" tabindex="-1" aria-haspopup="dialog"
    aria-label=${`Options of ${title}`} title="Options" @click=${menu}>${icon('more')}</button>`;
}

/**
 * @param {string} title
 * @param {() => void} forget
 */
function forgetButton(title, forget) {
  return html`<button type="button" class="knob" aria-label=${`Take ${title} off the list`} title="Take off the list"
    @click=${forget}>${icon('close')}</button>`;
}
