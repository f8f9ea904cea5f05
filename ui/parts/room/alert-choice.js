/** Of what in a room somebody is told, on all their devices; whoever wants to be told of nothing has muted it. */
import { alertLevel } from '../../lib/alert-rules.js';
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';
import { raise } from '../raise.js';
/** @import { RoomInfo } from '../../lib/types.d.ts' */

const LEVELS = [['all', 'Every message'], ['mentions', 'What is meant for me'], ['nothing', 'Nothing: muted']];

/**
 * A line of a card's list.
 * @param {RoomInfo} info
 * @param {Element} card
 */
export function alertChoice({ name, kind, title }, card) {
  const direct = kind === 'direct'; // there everything is meant for me
  const chosen = alertLevel(store.preferences, { name, kind });
  const muted = chosen === 'nothing';
  const level = direct && !muted ? 'all' : chosen;
  const choose = (/** @type {string} */ alerts) => raise(card, 'prefer', {
    patch: { rooms: { of: { [name]: alerts === 'nothing' ? { muted: true } : { muted: null, alerts } } } },
  });
  const note = muted ? 'Its messages are only counted' : 'What calls you, or mute it';
  return html`<label class="menu-item density">${icon(muted ? 'mute' : 'bell')}
    <span class="what"><span>Alerts</span><small>${note}</small></span>
    <select class="field" aria-label=${`Alerts of ${title}`} @change=${onValue(choose)}>${
      LEVELS.filter(([value]) => !direct || value !== 'mentions').map(([value, label]) => html`<option value=${value}
        .selected=${value === level}>${label}</option>`)}</select></label>`;
}
