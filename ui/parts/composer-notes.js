/** The notes around the composer: what the text is about, why writing is not allowed, and how long to wait. */
import { countdown, every } from '../lib/time.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
/** @import { Message, Replied, RoomInfo } from '../lib/types.d.ts' */

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
 * What is written is an edit of a message of mine, or an answer to a message; `cancel()` makes it neither.
 * @param {Message | null} edited
 * @param {Replied | null} re with its text in plain words
 * @param {() => void} cancel
 */
export function aboutNote(edited, re, cancel) {
  if (!edited && !re) return nothing;
  const words = edited
    ? 'Editing your message'
    : html`Reply to <bdi>${re?.by}</bdi>: <bdi>${re?.text}</bdi>`;
  return html`<div class="about">${icon(edited ? 'edit' : 'reply')}<span>${words}</span>
    <button type="button" class="knob" aria-label=${edited ? 'Cancel editing' : 'Cancel reply'}
      @click=${cancel}>${icon('close')}</button></div>`;
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
