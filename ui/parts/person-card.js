/** The card of one person, from their name: who they are, a message to them, silence from them, and a host's deeds. */
import { initials, tint } from '../lib/avatar.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Sheet, menuItem } from './sheet.js';
import './host/person-actions.js';

class HearthPersonCard extends Sheet {
  static topics = ['people', 'panel', 'mutes', 'phase'];
  #person = { name: '' };

  /** `who` is missing where nobody has proved the name. */
  show({ who, name }) {
    this.#person = { who, name };
    this.open();
    if (store.me?.host) this.request('look', { on: true });
  }

  closed() {
    if (store.me?.host) this.request('look', { on: false });
  }

  card() {
    const { who } = this.#person;
    const me = Boolean(who) && who === store.me?.who;
    const name = this.#known()?.name ?? this.#person.name;
    const hosting = who && !me && store.me?.host && store.panel;
    return html`<div class="card-head of-person">
        <span class="avatar large tint-${tint(who ?? name)}" aria-hidden="true">${initials(name)}</span>
        <div class="what"><h2 id="hearth-person-card-title" tabindex="-1"><bdi>${name}</bdi></h2><small>${this.#standing(me)}</small></div>
        <button type="button" class="knob" aria-label="Close" @click=${() => this.close()}>${icon('close')}</button>
      </div>
      <div class="sheet-body">
      <div class="menu-list">${me
        ? menuItem({ name: 'you', label: 'Your name, devices and password', act: () => this.#yourself() })
        : html`${who ? menuItem({ name: 'message', label: 'Write to them', note: 'Only the two of you see it', act: () => this.#message() }) : nothing}
          ${this.#muting(who, name)}`}</div>
      ${this.faultLine()}
      ${hosting ? html`<section class="part"><h3>As host</h3><hearth-person-actions .who=${who} .brief=${true}></hearth-person-actions></section>` : nothing}
    </div>`;
  }

  #muting(who, name) {
    const id = who ?? `name:${name}`;
    return store.muted().has(id)
      ? menuItem({ name: 'sound', label: 'Show their messages again', note: 'You have muted them in this browser', does: true, act: () => this.raise('mute', { id }) })
      : menuItem({ name: 'mute', label: 'Mute for me', note: 'Their messages fold to one line, in this browser only', does: true, act: () => this.raise('mute', { id, name }) });
  }

  // What a host is shown of them, or else who is here.
  #known() {
    const { who } = this.#person;
    return (who && (store.panel?.people.find((person) => person.who === who) ?? store.room?.people.get(who))) || null;
  }

  #standing(me) {
    const { who, name } = this.#person;
    if (me) return 'This is you.';
    if (!who) return 'Nobody has proved this name: its messages come from outside the page, and could be anybody’s.';
    const here = store.room?.people.has(who);
    const now = this.#known()?.name ?? name;
    const { host } = this.#known() ?? {};
    return html`${here ? 'Here now.' : 'Not in this room now.'}${host ? ' A host.' : ''}${now !== name ? html` Then called <bdi>${name}</bdi>.` : nothing}`;
  }

  #yourself() {
    this.close();
    this.raise('you', {});
  }

  async #message() {
    if (await this.attempt(() => this.request('message', { who: this.#person.who }))) this.close();
  }
}

customElements.define('hearth-person-card', HearthPersonCard);
