/** The notes around the composer: who is typing, why writing is not allowed, and how long to wait. */
import { countdown, every } from '../lib/time.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { raise } from './raise.js';
/** @import { RoomInfo } from '../lib/types.d.ts' */

/**
 * Who is typing, as a sentence, or ''.
 * @param {string[]} names
 */
export function typingText(names) {
  if (!names.length) return '';
  if (names.length > 3) return 'Several people are writing…';
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : names[0];
  return `${list} ${names.length > 1 ? 'are' : 'is'} writing…`;
}

/**
 * Why nothing can be written in a room, or ''.
 * @param {RoomInfo} info
 */
export function closedText({ kind, may_write: write, archived, closed }) {
  if (write) return '';
  if (archived) return 'This room is archived. It can be read, and nothing more is said.';
  if (closed) return 'A host has closed this room. It can be read, and nothing more is said.';
  if (kind === 'announcements') return 'Only hosts, and whom they choose, write here.';
  return 'You can read here, but not write.';
}

/**
 * A mute, slow mode, or a closed room in which hosts still write, as one sentence with what is left of the wait;
 * `muted` and `slow` are that rest, in ms.
 * @param {{ muted: number, slow: number, info: RoomInfo }} now
 */
export function limitNote({ muted, slow, info }) {
  if (muted > 0) {
    return html`<span class="limit warn" role="status">A host has muted you. You can write again in <span
      aria-hidden="true">${countdown(muted)}</span></span>`;
  }
  if (slow > 0) {
    return html`<span class="limit">Slow mode: you can write again in <span
      class="count">${countdown(slow)}</span></span>`;
  }
  if (info.closed) return html`<span class="limit">This room is closed. Only hosts write here.</span>`;
  return info.slow ? html`<span class="limit">Slow mode: one message every ${every(info.slow)}</span>` : nothing;
}

/**
 * Who is named in the text and will not see it, and what can be done about it.
 * @param {string[]} names
 * @param {RoomInfo} info
 */
export function outsideNote(names, { kind, owner }) {
  if (!names.length) return nothing;
  const several = names.length > 1;
  const last = html`<bdi>${names[names.length - 1]}</bdi>`;
  const all = several ? html`<bdi>${names.slice(0, -1).join(', ')}</bdi> and ${last}` : last;
  const invite = owner
    ? html`<button type="button" class="plainlink"
        @click=${(/** @type {{ target: HTMLElement }} */ { target }) => raise(target, 'show-room', { face: 'invite' })}
        >Invite</button>`
    : nothing;
  const way = kind === 'direct' || owner ? '' : ' Only whose room it is can invite them.';
  return html`<div class="about outside" role="status">${icon('alert')}<span>${all} ${
    several ? 'are' : 'is'} not in this room, and will not see this.${way}</span>${invite}</div>`;
}

/**
 * `over`: characters that are too many.
 * @param {number} over
 */
export function excessNote(over) {
  if (over <= 0) return nothing;
  const amount = `${over.toLocaleString('en')} ${over === 1 ? 'character' : 'characters'}`;
  return html`<span class="fault" role="alert">Too long by ${amount}.</span>`;
}

/**
 * How many characters at the end of `text` a message has no room for: the hub counts bytes, people do not.
 * @param {string} text
 * @param {number} bytes
 */
export function excess(text, bytes) {
  if (!bytes || text.length * 3 <= bytes) return 0;
  return text.length - new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read;
}
