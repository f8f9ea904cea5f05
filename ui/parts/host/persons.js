/** Everybody whom the hub knows, with what a host can do about them. */
import { agentName } from '../../lib/agents.js';
import { initials, tint } from '../../lib/colour.js';
import { store } from '../../lib/store.js';
import { ago, clock } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { Face } from '../face.js';
import { icon } from '../icon.js';

const SHOWN = 100;
const MANY = 12; // more people than this want a search
const MUTES = [[300, '5 minutes'], [3600, '1 hour'], [86400, '1 day']];

class HearthHostPeople extends Face {
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
      ${this.faultLine()}
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
      ${open ? html`<div class="deeds-of">${devices(person)}${me ? html`<p class="hint">What is yours you change in “You”.</p>` : this.#deeds(person)}</div>` : nothing}
    </li>`;
  }

  #deeds(person) {
    const { who, name, banned, host, account, here, muted_until: muted } = person;
    const deed = (what, more = {}) => () => this.#deed({ do: what, whom: who, ...more });
    const button = (label, act, danger = false) => html`<button type="button" class="button small ${danger ? 'danger' : ''}" @click=${act}>${label}</button>`;
    if (banned) return html`<div class="deeds">${button('Lift the ban', deed('unban'))}</div>`;
    return html`
      <div class="deeds">${muted ? html`<span class="what">Muted until ${clock(muted * 1000)}</span>${button('Let speak again', deed('mute', { seconds: 0 }))}`
        : html`<span class="what">Mute for</span>${MUTES.map(([seconds, label]) => button(label, deed('mute', { seconds })))}`}</div>
      <div class="deeds">
        ${button('Message', () => this.#message(who))}
        ${host ? button('No longer a host', () => this.#sure({ title: `Take the keys from ${name}?`, text: 'They are no longer a host. They stay here as before.', yes: 'No longer a host' }, { do: 'host', whom: who, off: true }))
          : button('Make a host', () => this.#sure({ title: `Make ${name} a host?`, text: 'A host can do everything that you can do here: let people in, send them out, remove messages, and make hosts.', yes: 'Make a host' }, { do: 'host', whom: who }))}
        ${!account && !here ? button('Free the name', () => this.#sure({ title: `Free the name ${name}?`, text: 'Somebody else can then be called that. What was said under it stays.', yes: 'Free the name' }, { do: 'free', whom: who })) : nothing}
        ${button('Send out', () => this.#sure({ title: `Send ${name} out?`, text: `All their devices are logged out. ${account ? 'With their password they can come back.' : 'They can come back under another name.'}`, yes: 'Send out' }, { do: 'kick', whom: who }), true)}
        ${button('Ban', () => this.#sure({ title: `Ban ${name}?`, text: 'They and their devices stay out until you lift the ban.', yes: 'Ban' }, { do: 'ban', whom: who }), true)}
      </div>`;
  }

  #deed(deed) {
    return this.attempt(() => this.wish('deed', deed), { patient: true });
  }

  async #sure(question, deed) {
    if (await this.wish('ask', question)) await this.#deed(deed);
  }

  async #message(who) {
    if (await this.attempt(() => this.wish('message', { who }))) this.closest('dialog')?.close();
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

customElements.define('hearth-host-people', HearthHostPeople);
