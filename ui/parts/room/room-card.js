/** The card about the room on view: what it is, who is in it, and what its owner or a host can do with it. */
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { Sheet, menuItem } from '../sheet.js';
import { slowModeChoice } from './slow-mode.js';
import './people-search.js';

const KINDS = {
  public: 'Anybody who may come into this Hearth can read and write here.',
  announcements: 'Everybody reads here. Hosts write, and whom they choose.',
  private: 'Only people who were invited see this room.',
  direct: 'Only the two of you see what is said here.',
};
const FACES = { invite: 'Invite people', writer: 'Let somebody write', title: 'Rename the room' };

class HearthRoomCard extends Sheet {
  static topics = ['room', 'rooms', 'phase'];
  #room = null; // what the hub tells of it
  #open = ''; // the member whose line is unfolded

  open(face = '') {
    [this.#room, this.#open] = [null, ''];
    super.open(face);
    this.#load();
  }

  update() {
    super.update();
    if (this.showing && store.room?.name !== this.#name) this.close();
    this.#name = store.room?.name;
  }

  #name = '';

  card() {
    const { room } = store;
    if (!room) return nothing;
    const place = store.placeOf(room.name);
    const back = () => this.turn('');
    if (this.face) return html`${this.top(FACES[this.face], back)}<div class="sheet-body">${this.#face(place, back)}</div>`;
    const shown = this.#room ?? { members: [], writers: [], owner: null };
    const mine = shown.owner === store.me?.who;
    return html`${this.top(place.title)}<div class="sheet-body">
      <p>${place.closed ? 'It is closed: everybody can read here, only hosts write.' : KINDS[place.kind] ?? ''}${place.archived ? ' It is archived.' : ''}</p>
      ${place.kind === 'private' ? this.#people({ title: 'In this room', list: shown.members ?? [], owner: shown.owner, tools: mine && this.#memberTools, add: mine && !place.archived ? 'invite' : '' }) : nothing}
      ${place.kind === 'announcements' ? this.#people({ title: 'May write, besides hosts', list: shown.writers ?? [], tools: store.me?.host && this.#writerTools, add: store.me?.host ? 'writer' : '', nobody: 'Nobody yet.' }) : nothing}
      ${this.#deeds(place, mine)}${this.faultLine()}</div>`;
  }

  #face(place, back) {
    const shown = this.#room ?? {};
    switch (this.face) {
      case 'invite':
        return html`<hearth-people-search .verb=${'Invite'} .without=${set(shown.members)} .act=${(person) => this.#change({ do: 'invite', whom: person.who })}></hearth-people-search>
          <div class="card-foot"><button type="button" class="button primary" @click=${back}>Done</button></div>`;
      case 'writer':
        return html`<hearth-people-search .verb=${'Choose'} .without=${set(shown.writers)} .act=${(person) => this.#change({ do: 'writer', whom: person.who })}></hearth-people-search>
          <div class="card-foot"><button type="button" class="button primary" @click=${back}>Done</button></div>`;
      default:
        return this.#title(place, back);
    }
  }

  #title(place, back) {
    const save = async (event) => {
      event.preventDefault();
      const text = event.target.elements.text.value.trim();
      if (text === place.title || await this.attempt(() => this.#change({ do: 'title', text }))) back();
    };
    return html`<form class="stack" @submit=${save} novalidate>
      <label class="labelled">Its name
        <input class="field" name="text" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="done" data-first .value=${place.title}></label>
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div></form>`;
  }

  #people({ title, list, owner = '', tools, add, nobody = '' }) {
    return html`<div class="part-head"><h3>${title} <span class="count">${list.length || ''}</span></h3>
        ${add ? html`<button type="button" class="button small" @click=${() => this.turn(add)}>${icon('plus')}${add === 'invite' ? 'Invite' : 'Choose'}</button>` : nothing}</div>
      <ul class="lines">${repeat(list, ({ who }) => who, (person) => html`<li>
        <div class="item"><span class="avatar tint-${tint(person.who)}" aria-hidden="true">${initials(person.name)}</span>
          <span class="what"><span><bdi>${person.name}</bdi>${person.who === store.me?.who ? html` <small>you</small>` : nothing}</span>
            ${person.who === owner ? html`<small>owner</small>` : nothing}</span>
          ${tools && person.who !== store.me?.who ? html`<button type="button" class="knob" aria-label=${`What to do with ${person.name}`} aria-expanded=${String(this.#open === person.who)}
            @click=${() => this.#unfold(person.who)}>${icon('more')}</button>` : nothing}</div>
        ${tools && this.#open === person.who ? html`<div class="deeds">${tools(person)}</div>` : nothing}
      </li>`)}${this.#room && !list.length && nobody ? html`<li class="nobody">${nobody}</li>` : nothing}</ul>`;
  }

  #memberTools = (person) => html`
    <button type="button" class="button small" @click=${() => this.#sure(
      { title: `Hand the room over to ${person.name}?`, text: 'Then it is theirs: they invite, remove and delete, and you no longer do.', yes: 'Hand over' },
      { do: 'owner', whom: person.who },
    )}>Hand over</button>
    <button type="button" class="button small danger" @click=${() => this.#sure(
      { title: `Remove ${person.name}?`, text: 'They can no longer see this room, nor what was said in it.', yes: 'Remove' },
      { do: 'remove', whom: person.who },
    )}>Remove</button>`;

  #writerTools = (person) => html`
    <button type="button" class="button small danger" @click=${() => this.attempt(() => this.#change({ do: 'writer', whom: person.who, off: true }))}>May no longer write</button>`;

  #deeds(place, mine) {
    const host = Boolean(store.me?.host);
    const hidden = place.kind === 'private' || place.kind === 'direct';
    const runs = (place.kind === 'private' && mine) || (place.kind === 'announcements' && host);
    const shut = host && !hidden;
    const change = (command) => () => this.attempt(() => this.#change(command), { patient: true });
    return html`
      ${(host && place.kind !== 'direct') || (place.kind === 'private' && mine) ? slowModeChoice(place.slow ?? 0, (seconds) => change({ do: 'slow', seconds })()) : nothing}
      <div class="menu-list">
      ${runs ? menuItem({ name: 'edit', label: 'Rename', act: () => this.turn('title') }) : nothing}
      ${shut ? menuItem({ name: 'closed', label: place.closed ? 'Open the room again' : 'Close the room', note: place.closed ? '' : 'Only hosts can then write in it', does: true, act: change({ do: 'close', off: Boolean(place.closed) }) }) : nothing}
      ${runs ? menuItem({ name: 'archive', label: place.archived ? 'Bring back from the archive' : 'Archive', note: place.archived ? '' : 'It stays readable, and nothing more is said', does: true, act: change({ do: 'archive', off: Boolean(place.archived) }) }) : nothing}
      </div>
      ${place.kind === 'private' ? html`<div class="menu-list">
        ${mine ? menuItem({ name: 'remove', label: 'Delete the room', note: 'To leave it instead, hand it over to somebody first', danger: true, act: () => this.#remove(place) })
          : menuItem({ name: 'leave', label: 'Leave the room', danger: true, act: () => this.#leave(place) })}
      </div>` : nothing}`;
  }

  async #load() {
    const { name } = store.room;
    await this.attempt(async () => {
      const found = await this.request('room', { name });
      if (name === store.room?.name) this.#room = found;
    });
  }

  // Gives true: what is shown afterwards is how it is now.
  async #change(command) {
    const { name } = store.room;
    await this.request('change', { name, command });
    this.#room = await this.request('room', { name });
    this.update();
    return true;
  }

  async #sure(question, command) {
    if (!await this.request('ask', question)) return;
    this.#open = '';
    await this.attempt(() => this.#change(command), { patient: true });
  }

  async #leave({ name, title }) {
    const sure = await this.request('ask', { title: `Leave “${title}”?`, text: 'You no longer see this room, until somebody invites you again.', yes: 'Leave' });
    if (sure && await this.attempt(() => this.request('part', { name }))) this.close();
  }

  async #remove({ name, title }) {
    const sure = await this.request('ask', {
      title: 'Delete this room?', text: 'It goes away for everybody in it, with all that was said. This cannot be undone.', yes: 'Delete', typed: title,
    });
    if (sure && await this.attempt(() => this.request('remove-room', { name }))) this.close();
  }

  #unfold(who) {
    this.#open = this.#open === who ? '' : who;
    this.update();
  }
}

function set(people = []) {
  return new Set(people.map(({ who }) => who));
}

customElements.define('hearth-room-card', HearthRoomCard);
