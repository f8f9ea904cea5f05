/** Everybody whom the hub knows, each with what a host can do about them. */
import { agentName } from '../../lib/user-agent.js';
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { ago } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';
import './person-actions.js';

const SHOWN = 100;
const MANY = 12; // more people than this want a search

class HearthKnownPeople extends Component {
  static topics = ['panel', 'phase'];
  #like = '';
  #open = '';

  view() {
    const all = store.panel.people.filter(({ waiting }) => !waiting);
    const like = this.#like.toLocaleLowerCase();
    const found = all.filter(({ name }) => name.toLocaleLowerCase().includes(like)).sort((a, b) => Number(b.here) - Number(a.here));
    const here = all.filter((person) => person.here).length;
    return html`<div class="part-head"><h3>${here} here now, ${all.length} known</h3></div>
      ${all.length > MANY || like ? html`<input class="field" type="search" aria-label="Find people" placeholder="Find people" dir="auto" autocomplete="off" @input=${({ target }) => this.#find(target.value)}>` : nothing}
      <ul class="lines">${repeat(found.slice(0, SHOWN), ({ who }) => who, (person) => this.#person(person))}
      ${found.length > SHOWN ? html`<li class="nobody">and ${found.length - SHOWN} more: type a part of the name</li>` : nothing}
      ${found.length ? nothing : html`<li class="nobody">Nobody of that name.</li>`}</ul>`;
  }

  #person(person) {
    const { who, name } = person;
    const open = this.#open === who;
    const me = who === store.me?.who;
    return html`<li class=${open ? 'unfolded' : ''}>
      <button type="button" class="item" aria-expanded=${String(open)} @click=${() => this.#unfold(who)}>
        <span class="avatar tint-${tint(who)}" aria-hidden="true">${initials(name)}</span>
        <span class="what"><span class="names"><bdi>${name}</bdi>${me ? html` <small>you</small>` : nothing} ${tags(person)}</span><small>${place(person)}</small></span>
        ${icon('go', 'go')}
      </button>
      ${open ? html`<div class="deeds-of">${devices(person)}${me ? html`<p class="hint">What is yours you change in “You”.</p>` : html`<hearth-person-actions .who=${who}></hearth-person-actions>`}</div>` : nothing}
    </li>`;
  }

  #find(like) {
    this.#like = like;
    this.update();
  }

  #unfold(who) {
    this.#open = this.#open === who ? '' : who;
    this.update();
  }
}

function tags({ host, account, banned, muted_until: muted }) {
  return [host && ['host', 'ember'], account && ['account', ''], muted && ['muted', 'warn'], banned && ['banned', 'warn']]
    .filter(Boolean).map(([text, kind]) => html`<span class="tag ${kind}">${text}</span> `);
}

function place({ here, devices: list }) {
  const own = list.filter(({ purpose }) => purpose === undefined);
  const [latest] = [...own].sort((a, b) => b.used - a.used);
  if (!latest) return here ? 'Here now' : 'Not logged in anywhere';
  return `${here ? 'Here now' : `Last here ${ago(latest.used)}`} · ${agentName(latest.agent)} · ${latest.address || 'address unknown'}${own.length > 1 ? ` · ${own.length} devices` : ''}`;
}

function devices({ devices: list }) {
  if (list.length < 2) return nothing;
  return html`<ul class="devices">${list.map(({ agent, address, used, purpose }) => html`<li>${icon(purpose === undefined ? 'devices' : 'key')}
    <span><bdi>${purpose ?? agentName(agent)}</bdi> · ${address ? `${address} · ` : ''}${ago(used)}</span></li>`)}</ul>`;
}

customElements.define('hearth-known-people', HearthKnownPeople);
