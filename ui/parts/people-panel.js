/** The column of people: who is here, and the way to what is pinned. */
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import './room/pinned-link.js';
import { statusMark } from './status-mark.js';
/** @import { Room } from '../lib/room.js' */
/** @import { ConnectionState, Somebody } from '../lib/types.d.ts' */

const SHOWN = 300; // names: more help nobody
/** @type {Partial<Record<ConnectionState, string>>} */
const STALE = {
  gone: 'These were here when Hearth was last seen.',
  paused: 'These were here when Hearth was last seen.',
  polling: 'Shown again once messages come live.',
};

class HearthPeoplePanel extends Component {
  static topics = ['session', 'connection', 'mutes'];
  static frequentTopics = ['people', 'room', 'rooms'];

  view() {
    const { room, connection } = store;
    if (!room || room.problem) return nothing;
    const people = sorted(room.people);
    const shown = people.slice(0, SHOWN);
    const rest = Math.max(room.here, people.length) - shown.length;
    return html`
      <div class="panel-head"><h2>Here now <span class="count">${room.here || ''}</span></h2>
        <button type="button" class="knob shut" aria-label="Close people"
          @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <ul class=${`people${/gone|paused/.test(connection) ? ' past' : ''}`}>${
        repeat(shown, ({ who, name }) => who ?? name, (person) => this.#person(person, room))}
      ${STALE[connection] ? html`<li class="rest">${STALE[connection]}</li>` : nothing}
      ${rest > 0 ? html`<li class="rest">${shown.length ? `and ${rest} more` : `${rest} people`}</li>` : nothing}</ul>
      <hearth-pinned-link></hearth-pinned-link>`;
  }

  /**
   * @param {Somebody} person
   * @param {Room} room
   */
  #person({ who, name, status, away }, room) {
    const isMe = Boolean(who) && who === store.me?.who;
    const isPartner = store.roomInfo(room.name).with === who;
    const muted = store.isMuted({ who, by: name });
    return html`<li>
        <button type="button" class="person" aria-haspopup="dialog" title=${name}
          @click=${() => this.raise('show-person', { who, name })}>
          ${avatarIcon(who ?? name, name)}
          <span class="label"><bdi>${name}</bdi>${isMe ? html`<small>you</small>` : nothing}${muted
            ? html`${icon('mute', 'hushed')}<span class="quiet">muted by you</span>`
            : nothing}${away ? html`<small>away</small>` : nothing} ${statusMark(status)}</span></button>
        ${who && !isMe && !isPartner ? this.#messageButton(who, name) : nothing}
      </li>`;
  }

  /**
   * @param {string} who
   * @param {string} name
   */
  #messageButton(who, name) {
    const label = `Message ${name}`;
    return html`<button type="button" class="knob" aria-label=${label} title=${label}
          @click=${() => this.raise('message-person', { who })}>${icon('message')}</button>`;
  }
}

// I come first, the others by name.
/** @param {Map<string, Somebody>} people */
function sorted(people) {
  const isMe = (/** @type {Somebody} */ { who }) => Number(who === store.me?.who);
  return [...people.values()].sort((a, b) => isMe(b) - isMe(a) || a.name.localeCompare(b.name));
}

customElements.define('hearth-people-panel', HearthPeoplePanel);
