/** The panel at the end side: who is here, and the way to what is pinned. */
import { initials, tint } from '../lib/avatar.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';

const SHOWN = 300; // more names than this help nobody
const NOT_LIVE = { gone: 'These were here when Hearth was last seen.', polling: 'Shown again once messages come live.' };

class HearthPeoplePanel extends Component {
  static topics = ['people', 'room', 'rooms', 'phase', 'connection', 'mutes'];

  view() {
    const { room, me } = store;
    if (!room || room.problem) return nothing;
    const { with: direct } = store.placeOf(room.name);
    const people = [...room.people.values()].sort((a, b) => Number(b.who === me?.who) - Number(a.who === me?.who) || a.name.localeCompare(b.name));
    const shown = people.slice(0, SHOWN);
    const rest = Math.max(room.here, people.length) - shown.length;
    return html`
      <div class="panel-head"><h2>Here now <span class="count">${room.here || ''}</span></h2>
        <button type="button" class="knob shut" aria-label="Close people" @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <ul class=${`people${store.connection === 'gone' ? ' past' : ''}`}>${repeat(shown, ({ who, name }) => who ?? name, (person) => html`<li>
        <button type="button" class="person" aria-haspopup="dialog" title=${person.name} @click=${() => this.raise('person', { who: person.who, name: person.name })}>
          <span class="avatar tint-${tint(person.who ?? person.name)}" aria-hidden="true">${initials(person.name)}</span>
          <span class="label"><bdi>${person.name}</bdi>${person.who && person.who === me?.who ? html`<small>you</small>` : nothing}${store.isMuted({ who: person.who, by: person.name }) ? html`<small>muted by you</small>` : nothing}</span></button>
        ${person.who && person.who !== me?.who && direct !== person.who ? html`<button type="button" class="knob" aria-label=${`Message ${person.name}`} title=${`Message ${person.name}`}
          @click=${() => this.raise('message', { who: person.who })}>${icon('message')}</button>` : nothing}
      </li>`)}
      ${NOT_LIVE[store.connection] ? html`<li class="rest">${NOT_LIVE[store.connection]}</li>` : nothing}
      ${rest > 0 ? html`<li class="rest">${shown.length ? `and ${rest} more` : `${rest} people`}</li>` : nothing}</ul>
      <hearth-pinned-link></hearth-pinned-link>`;
  }
}

customElements.define('hearth-people-panel', HearthPeoplePanel);
