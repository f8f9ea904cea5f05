/** Who may come in: the hub's mode, its code, and invitations. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { qrNode } from '../qr-code.js';
import { hubCode } from './hub-code.js';
import { invitations } from './invitations.js';
/** @import { Invitation, Mode } from '../../lib/types.d.ts' */
/** @import { Made } from './invitations.js' */

/** @type {Record<Mode, { title: string, verb: string, text: string }>} */
const MODES = {
  open: {
    title: 'Open', verb: 'Let anybody in',
    text: 'Anybody on this network comes in with nothing but a name.',
  },
  code: {
    title: 'With a code', verb: 'Require the code',
    text: 'Newcomers also need the code of this Hearth, which you tell them.',
  },
  login: {
    title: 'With an account', verb: 'Require an account',
    text: 'Only people with a name and password. New ones wait for you, or bear an invitation.',
  },
};
/** @type {Mode[]} */
const MODE_NAMES = ['open', 'code', 'login'];

class HearthAdmission extends ActionComponent {
  static topics = ['host-panel'];
  /** @type {Mode | ''} */
  #chosen = ''; // a mode that is not set yet
  #ending = false; // with a new code everybody must come in again
  /** @type {Made | null} */
  #made = null; // the invitation just made

  view() {
    if (!store.hostPanel) return nothing;
    const { mode, code, invites } = store.hostPanel;
    const chosen = this.#chosen || mode;
    return html`<fieldset class="modes"><legend>Who may come in</legend>${
      MODE_NAMES.map((name) => this.#mode(name, name === chosen))}</fieldset>
      ${chosen === mode ? nothing : this.#confirmation(chosen)}
      ${this.faultLine()}
      ${mode === 'code' ? this.#code(code) : nothing}
      ${mode === 'login' ? this.#invitations(invites) : nothing}`;
  }

  /**
   * @param {Mode} name
   * @param {boolean} chosen
   */
  #mode(name, chosen) {
    const { title, text } = MODES[name];
    return html`<label class="mode ${chosen ? 'chosen' : ''}">
        <input type="radio" name="mode" value=${name} .checked=${chosen} @change=${() => this.#choose(name)}>
        <span class="what"><span>${title}</span><small>${text}</small></span></label>`;
  }

  /** @param {Mode} mode */
  #confirmation(mode) {
    const hint = mode === 'login'
      ? 'Whoever has no password is shown out, and can ask you to come in with one.'
      : 'Whoever is in stays in.';
    return html`<div class="card-foot"><p class="hint">${hint}</p><button type="button" class="button"
          @click=${() => this.#choose('')}>Cancel</button>
        <button type="button" class="button primary" aria-disabled=${String(this.busy)}
          @click=${() => this.#setMode(mode)}>${MODES[mode].verb}</button></div>`;
  }

  /** @param {string} code */
  #code(code) {
    return hubCode(code, {
      ending: this.#ending,
      setEnding: (on) => {
        this.#ending = on;
      },
      copy: () => this.raise('copy', { text: code }),
      showInvitation: () => this.raise('show-invite'),
      renew: () => this.#renewCode(),
    });
  }

  /** @param {Invitation[]} list */
  #invitations(list) {
    return invitations(list, {
      made: this.#made,
      busy: this.busy,
      make: (count) => this.#invite(count),
      withdraw: (id) => this.#withdraw(id),
      copy: (text) => this.raise('copy', { text }),
      done: () => this.#show(null),
    });
  }

  /** @param {Mode | ''} mode */
  #choose(mode) {
    this.#chosen = mode;
    this.update();
  }

  /** @param {Mode} mode */
  async #setMode(mode) {
    if (await this.attempt(() => this.request('host-action', { do: 'mode', mode }))) this.#choose('');
  }

  async #renewCode() {
    const text = this.#ending
      ? 'The old one no longer opens the door, and everybody but hosts is logged out and needs the new one.'
      : 'The old one no longer opens the door. Whoever is in stays in.';
    if (!await this.request('confirm', { title: 'Make a new code?', text, yes: 'New code' })) return;
    const end = this.#ending;
    if (await this.attempt(() => this.request('host-action', { do: 'code', end }))) this.#ending = false;
    this.update();
  }

  /** @param {number} count */
  #invite(count) {
    if (!Number.isInteger(count) || count < 1 || count > 100) {
      this.fault = 'An invitation is for 1 to 100 people.';
      return this.update();
    }
    return this.attempt(async () => {
      const { url, qr } = await this.request('host-action', { do: 'invite', count });
      if (url && qr) this.#made = { url, count, picture: qrNode(qr, 'QR code of the invitation') };
    });
  }

  /** @param {string} invitation */
  async #withdraw(invitation) {
    const text = 'Nobody comes in with it any more. Whoever is in stays in.';
    if (!await this.request('confirm', { title: 'Withdraw this invitation?', text, yes: 'Withdraw' })) return;
    if (await this.attempt(() => this.request('host-action', { do: 'withdraw', invitation }))) this.#show(null);
  }

  /** @param {Made | null} made */
  #show(made) {
    this.#made = made;
    this.update();
  }
}

customElements.define('hearth-admission', HearthAdmission);
