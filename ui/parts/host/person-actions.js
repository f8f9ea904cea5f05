/** What a host can do about one person, `.who`: in the panel, and on the person's own card. */
import { store } from '../../lib/store.js';
import { clock } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';

const MUTES = [[300, '5 minutes'], [3600, '1 hour'], [86400, '1 day']];

class HearthPersonActions extends ActionComponent {
  static topics = ['panel'];
  who = '';
  brief = false; // without what the card around it has already

  view() {
    const person = store.panel?.people.find(({ who, waiting }) => who === this.who && !waiting);
    return html`${person ? this.#deeds(person) : nothing}${this.faultLine()}`;
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
        ${this.brief ? nothing : button('Message', () => this.#message(who))}
        ${host ? button('No longer a host', () => this.#sure({ title: `Take the keys from ${name}?`, text: 'They are no longer a host. They stay here as before.', yes: 'No longer a host' }, { do: 'host', whom: who, off: true }))
          : button('Make a host', () => this.#sure({ title: `Make ${name} a host?`, text: 'A host can do everything that you can do here: let people in, send them out, remove messages, and make hosts.', yes: 'Make a host' }, { do: 'host', whom: who }))}
        ${!account && !here ? button('Free the name', () => this.#sure({ title: `Free the name ${name}?`, text: 'Somebody else can then be called that. What was said under it stays.', yes: 'Free the name' }, { do: 'free', whom: who })) : nothing}
        ${button('Send out', () => this.#sure({ title: `Send ${name} out?`, text: `All their devices are logged out. ${account ? 'With their password they can come back.' : 'They can come back under another name.'}`, yes: 'Send out' }, { do: 'kick', whom: who }), true)}
        ${button('Ban', () => this.#sure({ title: `Ban ${name}?`, text: 'They and their devices stay out until you lift the ban.', yes: 'Ban' }, { do: 'ban', whom: who }), true)}
      </div>`;
  }

  #deed(deed) {
    return this.attempt(() => this.request('deed', deed), { patient: true });
  }

  async #sure(question, deed) {
    if (await this.request('ask', question)) await this.#deed(deed);
  }

  async #message(who) {
    if (await this.attempt(() => this.request('message', { who }))) this.closest('dialog')?.close();
  }
}

customElements.define('hearth-person-actions', HearthPersonActions);
