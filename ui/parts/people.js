/** The panel at the end side: what the room is about and who is here. */
import { initials, tint } from '../lib/colour.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './part.js';

const SHOWN = 300; // more names than this help nobody
const NOT_LIVE = { gone: 'These were here when Hearth was last seen.', polling: 'Shown again once messages come live.' };

class HearthPeople extends Part {
  static topics = ['people', 'room', 'rooms', 'phase', 'link'];
  #editing = false;

  view() {
    const { room, me } = store;
    if (!room || room.problem) return nothing;
    const { kind, owner, with: direct, may_write: write } = store.placeOf(room.name);
    const topical = kind === 'announcements' ? me?.host : kind === 'private' ? owner : write;
    const people = [...room.people.values()].sort((a, b) => Number(b.who === me?.who) - Number(a.who === me?.who) || a.name.localeCompare(b.name));
    const shown = people.slice(0, SHOWN);
    const rest = Math.max(room.here, people.length) - shown.length;
    return html`
      <div class="panel-head"><h2>Here now <span class="count">${room.here || ''}</span></h2>
        <button type="button" class="knob shut" aria-label="Close people" @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <ul class=${`people${store.link === 'gone' ? ' past' : ''}`}>${repeat(shown, ({ who, name }) => who ?? name, (person) => html`<li>
        <span class="avatar tint-${tint(person.who ?? person.name)}" aria-hidden="true">${initials(person.name)}</span>
        <span title=${person.name}><bdi>${person.name}</bdi>${person.who && person.who === me?.who ? html` <small>you</small>` : nothing}</span>
        ${person.who && person.who !== me?.who && direct !== person.who ? html`<button type="button" class="knob" aria-label=${`Message ${person.name}`} title=${`Message ${person.name}`}
          @click=${() => this.raise('message', { who: person.who })}>${icon('message')}</button>` : nothing}
      </li>`)}
      ${NOT_LIVE[store.link] ? html`<li class="rest">${NOT_LIVE[store.link]}</li>` : nothing}
      ${rest > 0 ? html`<li class="rest">${shown.length ? `and ${rest} more` : `${rest} people`}</li>` : nothing}</ul>
      ${room.topic || topical ? html`<div class="panel-part"><h3>Topic</h3>${this.#editing ? this.#form(room) : html`
        ${room.topic ? html`<p dir="auto">${room.topic}</p>` : nothing}
        ${topical ? html`<button type="button" class="plainlink" @click=${() => this.#edit(true)}>${room.topic ? 'Change the topic' : 'Set a topic'}</button>` : nothing}`}
      </div>` : nothing}`;
  }

  #form(room) {
    const save = (event) => {
      event.preventDefault();
      const text = event.target.elements.topic.value.trim();
      if (text !== room.topic) this.raise('topic', { text });
      this.#edit(false);
    };
    return html`<form @submit=${save} @keydown=${(event) => event.key === 'Escape' && (event.stopPropagation(), this.#edit(false))}>
      <input class="field" name="topic" aria-label="Topic" maxlength="200" dir="auto" autocomplete="off" .value=${room.topic}>
      <div class="card-foot"><button type="button" class="button" @click=${() => this.#edit(false)}>Cancel</button><button class="button primary">Save</button></div>
    </form>`;
  }

  #edit(on) {
    this.#editing = on;
    this.update();
    setTimeout(() => this.querySelector(on ? '[name=topic]' : '.plainlink')?.focus());
  }
}

customElements.define('hearth-people', HearthPeople);
