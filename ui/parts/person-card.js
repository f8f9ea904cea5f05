/** The card of one person: who they are, a message to them, muting them, and what a host can do about them. */
import { lastHereText, untilText } from '../lib/status-times.js';
import { signOfStatus, statusText } from '../lib/status.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import './host/person-actions.js';
import { menuItem } from './menu-item.js';
import { Sheet } from './sheet.js';
/** @import { Somebody } from '../lib/types.d.ts' */

export class HearthPersonCard extends Sheet {
  static topics = ['people', 'host-panel', 'mutes', 'session', 'presence'];
  /** @type {Somebody} */
  #person = { name: '' };

  /**
   * `who` is missing where nobody has proved the name.
   * @param {Somebody} person
   */
  show({ who, name }) {
    this.#person = { who, name };
    this.open();
    this.raise('show-presence', { who: who ?? '' });
    if (store.me?.host) this.request('watch-host-panel', { on: true });
  }

  closed() {
    this.raise('show-presence', { who: '' });
    if (store.me?.host) this.request('watch-host-panel', { on: false });
  }

  card() {
    const { who } = this.#person;
    const isMe = Boolean(who) && who === store.me?.who;
    const name = this.#known()?.name ?? this.#person.name;
    return html`<div class="card-head of-person">
        ${avatarIcon(who ?? name, name, 'large')}
        <div class="what"><h2 id="hearth-person-card-title" tabindex="-1"><bdi>${name}</bdi></h2><small>${
          this.#standing(isMe)}</small></div>
        ${this.closeButton()}
      </div>
      <div class="sheet-body">
      ${this.#status()}
      <div class="menu-list">${isMe ? this.#myself() : this.#others(who, name)}</div>
      ${this.faultLine()}
      ${who && !isMe && store.me?.host && store.hostPanel ? this.#hosting(who) : nothing}
    </div>`;
  }

  #myself() {
    const act = () => {
      this.close();
      this.raise('show-you');
    };
    return menuItem({ name: 'you', label: 'Your name, devices and password', act });
  }

  /**
   * @param {string | undefined} who
   * @param {string} name
   */
  #others(who, name) {
    const [label, note] = ['Write to them', 'Only the two of you see it'];
    return html`${who ? menuItem({ name: 'message', label, note, act: () => this.#message(who) }) : nothing}
          ${this.#muting(who ?? `name:${name}`, name)}`;
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #muting(id, name) {
    const unmute = {
      name: 'sound', label: 'Show their messages again', note: 'You have muted them in this browser',
      act: () => this.raise('mute', { id }),
    };
    const mute = {
      name: 'mute', label: 'Mute for me', note: 'Their messages fold to one line, in this browser only',
      act: () => this.raise('mute', { id, name }),
    };
    return menuItem({ ...(store.mutes.people().has(id) ? unmute : mute), immediate: true });
  }

  /** @param {string} who */
  #hosting(who) {
    return html`<section class="part"><h3>As host</h3>
      <hearth-person-actions .who=${who} .brief=${true}></hearth-person-actions></section>`;
  }

  #status() {
    const { who = '' } = this.#person;
    const { status } = store.room?.people.get(who) ?? store.presence.get(who) ?? {};
    if (!status) return nothing;
    const until = untilText(status, new Date());
    const clears = store.me?.host && who !== store.me.who;
    return html`<p class="status-line"><span aria-hidden="true">${signOfStatus(status) || '⛔'}</span>
      <span><bdi>${statusText(status)}</bdi>${until ? html` <small>${until}</small>` : nothing}</span>${clears
        ? html`<button type="button" class="button small" @click=${() => this.#clearStatus(who)}>Clear
        status</button>`
        : nothing}</p>`;
  }

  // The button goes away once the hub tells of it.
  /** @param {string} whom */
  async #clearStatus(whom) {
    if (await this.attempt(() => this.request('host-action', { do: 'clear_status', whom }))) this.find('h2').focus();
  }

  // What a host is shown of them, or else who is here.
  /** @returns {{ name: string, host?: boolean } | null} */
  #known() {
    const { who } = this.#person;
    if (!who) return null;
    return store.hostPanel?.people.find((person) => person.who === who) ?? store.room?.people.get(who) ?? null;
  }

  /** @param {boolean} isMe */
  #standing(isMe) {
    const { who, name } = this.#person;
    if (isMe) return 'This is you.';
    if (!who) {
      return 'Nobody has proved this name: its messages come from outside the page, and could be anybody’s.';
    }
    const { host, name: now } = this.#known() ?? { name };
    const inRoom = store.room?.people.get(who);
    const here = inRoom ? inRoom.away ? 'Away.' : 'Here now.' : 'Not in this room now.';
    const last = lastHereText(store.presence.get(who));
    const before = now === name ? nothing : html` Then called <bdi>${name}</bdi>.`;
    return html`${here}${last ? ` ${last}` : ''}${host ? ' A host.' : ''}${before}`;
  }

  /** @param {string} who */
  async #message(who) {
    if (await this.attempt(() => this.request('message-person', { who }))) this.close();
  }
}

customElements.define('hearth-person-card', HearthPersonCard);
