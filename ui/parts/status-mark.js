/** What stands beside a name: the emoji of a status, and a point for who is here or away. */
import { signOfStatus, statusText } from '../lib/status.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
/** @import { RoomInfo, Status } from '../lib/types.d.ts' */

/** @param {Status | null | undefined} status */
export function statusMark(status) {
  const text = statusText(status);
  if (!text) return nothing;
  const busy = status?.busy ? icon('closed', 'busy') : nothing;
  return html`<span class="status-mark" role="img" aria-label=${text}
    title=${text}>${signOfStatus(status)}${busy}</span>`;
}

/**
 * Of a direct conversation: whether the other one is here, and what they say of themself.
 * @param {Pick<RoomInfo, 'kind' | 'with'>} room
 */
export function partnerMark({ kind, with: other = '' }) {
  const presence = kind === 'direct' ? store.presence.get(other) : null;
  if (!presence) return nothing;
  const word = presence.here ? presence.away ? 'away' : 'here' : '';
  return html`${statusMark(presence.status)}${word
    ? html`<span class="dot presence ${word}" role="img" aria-label=${word} title=${word}></span>`
    : nothing}`;
}
