/** Everybody whom the hub knows, each with what a host can do about them. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { avatarIcon } from '../avatar-icon.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';
import { deviceList, lastSeen } from './person-devices.js';
import './person-actions.js';
/** @import { PanelPerson } from '../../lib/types.d.ts' */

const SHOWN = 100;
const SEARCHED = 12; // more people than this have a search field

class HearthKnownPeople extends Component {
  static topics = ['host-panel', 'session'];
  #like = '';
  #open = ''; // the id of the person whose line is unfolded

  view() {
    const all = store.hostPanel?.people.filter(({ waiting }) => !waiting) ?? [];
    const like = this.#like.toLocaleLowerCase();
    const found = all.filter(({ name }) => name.toLocaleLowerCase().includes(like));
    found.sort((a, b) => Number(b.here) - Number(a.here));
    const here = all.filter((person) => person.here).length;
    const rest = found.length - SHOWN;
    return html`<div class="part-head"><h3>${here} here now, ${all.length} known</h3></div>
      ${all.length > SEARCHED || like ? this.#search() : nothing}
      <ul class="lines">${repeat(found.slice(0, SHOWN), ({ who }) => who, (person) => this.#person(person))}
      ${rest > 0 ? html`<li class="nobody">and ${rest} more: type a part of the name</li>` : nothing}
      ${found.length ? nothing : html`<li class="nobody">Nobody of that name.</li>`}</ul>`;
  }

  #search() {
    return html`<input class="field" type="search" aria-label="Find people" placeholder="Find people" dir="auto"
      autocomplete="off" @input=${onValue((like) => this.#find(like))}>`;
  }

  /** @param {PanelPerson} person */
  #person(person) {
    const { who, name } = person;
    const open = this.#open === who;
    const isMe = who === store.me?.who;
    return html`<li class=${open ? 'unfolded' : ''}>
      <button type="button" class="item" aria-expanded=${String(open)} @click=${() => this.#toggle(who)}>
        ${avatarIcon(who, name)}
        <span class="what"><span class="names"><bdi>${name}</bdi>${isMe ? html` <small>you</small>` : nothing} ${
          tags(person)}</span><small>${lastSeen(person)}</small></span>
        ${icon('go', 'go')}
      </button>
      ${open ? html`<div class="deeds-of">${deviceList(person)}${isMe
        ? html`<p class="hint">What is yours you change in “You”.</p>`
        : html`<hearth-person-actions .who=${who}></hearth-person-actions>`}</div>` : nothing}
    </li>`;
  }

  /** @param {string} like */
  #find(like) {
    this.#like = like;
    this.update();
  }

  /** @param {string} who */
  #toggle(who) {
    this.#open = this.#open === who ? '' : who;
    this.update();
  }
}

/** @param {PanelPerson} person */
function tags({ host, account, banned, muted_until: muted }) {
  const all = [
    host && ['host', 'ember'], account && ['account', ''], muted && ['muted', 'warn'], banned && ['banned', 'warn'],
  ];
  return all.filter((tag) => !!tag).map(([text, kind]) => html`<span class="tag ${kind}">${text}</span> `);
}

customElements.define('hearth-known-people', HearthKnownPeople);
