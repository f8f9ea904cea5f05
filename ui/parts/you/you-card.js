/** The card about oneself: what leads to the name, the password, the devices and the way out. */
import { statusText } from '../../lib/status.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { avatarIcon } from '../avatar-icon.js';
import { menuItem } from '../menu-item.js';
import { Sheet } from '../sheet.js';
import './alert-settings.js';
import { densityChoice } from './density-choice.js';
import './device-list.js';
import { logOutQuestion } from './log-out-question.js';
import './muted-people.js';
import './password-form.js';
import './phone-link.js';
import { readsChoice } from './reads-choice.js';
import './rename-form.js';
import './status-form.js';
import './token-list.js';
/** @import { Me } from '../../lib/types.d.ts' */

/** @type {Record<string, [string | (() => string), (back: () => void) => unknown] | undefined>} */
const FACES = {
  status: ['Your status', (back) => html`<hearth-status-form .done=${back}></hearth-status-form>`],
  name: ['Your name', (back) => html`<hearth-rename-form .done=${back}></hearth-rename-form>`],
  password: [
    () => (store.me?.account ? 'Change the password' : 'Protect this name'),
    (back) => html`<hearth-password-form .done=${back}></hearth-password-form>`,
  ],
  devices: ['Your devices', () => html`<hearth-device-list></hearth-device-list>`],
  phone: ['Bring in your phone', () => html`<hearth-phone-link></hearth-phone-link>`],
  alerts: ['Alerts', () => html`<hearth-alert-settings></hearth-alert-settings>`],
  muted: ['Muted by you', () => html`<hearth-muted-people></hearth-muted-people>`],
  tokens: ['Programs that speak as you', () => html`<hearth-token-list></hearth-token-list>`],
};

export class HearthYouCard extends Sheet {
  static topics = ['session', 'host-panel', 'mutes', 'preferences', 'status'];

  card() {
    const { me } = store;
    if (!me) return nothing;
    const back = () => this.turn('');
    const [title, view] = FACES[this.face] ?? ['You', () => [this.#self(me), this.#list(me)]];
    const words = title instanceof Function ? title() : title;
    return html`${this.top(words, FACES[this.face] && back)}<div class="sheet-body">${view(back)}</div>`;
  }

  /** @param {Me} me */
  #self({ who, name, account, host }) {
    const standing = account
      ? 'An account: the name is yours for good.'
      : 'Only this browser proves that the name is yours.';
    return html`<div class="self-card">
        ${avatarIcon(who, name, 'large')}
        <div><p class="name"><bdi>${name}</bdi></p>
        <p>${standing}${host ? ' You are a host.' : ''}</p></div>
      </div>
      ${account ? nothing : this.#advice()}`;
  }

  #advice() {
    return html`<div class="advice">
        <p>With a password the name stays yours, and you can log in on other devices.</p>
        <button type="button" class="button primary" @click=${() => this.turn('password')}>Protect this name</button>
      </div>`;
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {string} face
   */
  #item(name, label, face, note = '') {
    return menuItem({ name, label, note, act: () => this.turn(face) });
  }

  /** @param {Me} me */
  #list({ account, host }) {
    const muted = [...store.mutes.people().values()].join(', ');
    return html`<div class="menu-list">
      ${host
        ? this.#elsewhere('host', 'Host panel', 'show-host', 'Who may come in, people, rooms', store.waitingCount())
        : nothing}
      ${this.#item('react', 'Status', 'status', statusText(store.status) || 'A line and an emoji of your own')}
      ${this.#item('edit', 'Change the name', 'name')}
      ${account ? this.#item('lock', 'Change the password', 'password') : nothing}
      ${this.#item('devices', 'Devices', 'devices', 'Where you are logged in')}
      ${this.#item('phone', 'Bring in your phone', 'phone', 'By a QR code that works once')}
      ${this.#item('key', 'Programs', 'tokens', 'Tokens for scripts and bots')}
    </div>
    <div class="menu-list">
      ${this.#item('bell', 'Alerts', 'alerts', 'Sound, notifications, quiet hours')}
      ${densityChoice()}
      ${readsChoice((patch) => this.raise('prefer', { patch }))}
      ${this.#elsewhere('help', 'Keys', 'show-help', 'What keys and fingers do')}
      ${muted ? this.#item('mute', 'Muted by you', 'muted', muted) : nothing}
    </div>
    <div class="menu-list">
      ${this.#logOutItem('Log out here', false)}
      ${this.#logOutItem('Log out everywhere', true)}
    </div>${this.faultLine()}`;
  }

  /**
   * What leads to another card.
   * @param {string} name
   * @param {string} label
   * @param {'show-host' | 'show-help'} card
   * @param {string} note
   */
  #elsewhere(name, label, card, note, badge = 0) {
    const act = () => {
      this.close();
      this.raise(card);
    };
    return menuItem({ name, label, note, badge, act });
  }

  /**
   * @param {string} label
   * @param {boolean} everywhere
   */
  #logOutItem(label, everywhere) {
    return menuItem({ name: 'leave', label, danger: true, act: () => this.#logOut(everywhere) });
  }

  /** @param {boolean} everywhere */
  async #logOut(everywhere) {
    const sure = store.me && await this.request('confirm', logOutQuestion(store.me, everywhere));
    if (sure) await this.attempt(() => this.request('log-out', { everywhere }));
  }
}

customElements.define('hearth-you-card', HearthYouCard);
