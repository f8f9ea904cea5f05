/** The card that shows the addresses at which others can come in. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { closeOnBackdrop } from './dialog.js';
import { icon } from './icon.js';
import { qrNode } from './qr-code.js';
/** @import { Mode } from '../lib/types.d.ts' */
/** @typedef {Awaited<ReturnType<typeof import('../lib/api.js').invite>>} Invitation */

/** @type {Invitation} */
const NONE = { addresses: [], qr: {} };

// How far an address leads depends on the hub's mode.
/** @type {Partial<Record<Mode, (addresses: string[]) => string>>} */
const MODES = {
  code: ([address]) => (address.includes('#code=')
    ? ' The code is part of it: whoever has the address can come in, so show it only to guests.'
    : ' They also need the code.'),
  login: () => (store.me?.host
    ? ' Newcomers then wait for you; with an invitation from the host panel they need not.'
    : ' Newcomers then wait until a host lets them in.'),
};

export class HearthInviteCard extends Component {
  /** @type {Invitation | null} */
  #answer = null;
  #fault = '';
  #chosen = '';

  get dialog() {
    return this.find('dialog');
  }

  /**
   * `load()` resolves to the answer of `/api/invite`.
   * @param {() => Promise<Invitation>} load
   */
  async open(load) {
    [this.#answer, this.#fault] = [null, ''];
    this.update();
    this.dialog.showModal();
    try {
      this.#answer = await load();
      this.#chosen = this.#answer.addresses[0] ?? '';
    } catch (problem) {
      this.#fault = problem.message;
    }
    this.update();
  }

  view() {
    const { addresses, qr } = this.#answer ?? NONE;
    return html`<dialog class="card" aria-labelledby="invite-title" @click=${closeOnBackdrop}>
      <div class="card-head"><h2 id="invite-title">Invite somebody</h2><button type="button" class="knob"
        aria-label="Close" @click=${() => this.dialog.close()}>${icon('close')}</button></div>
      <p>${this.#lead(addresses)}</p>
      ${this.#fault ? html`<p class="fault" role="alert">${this.#fault}</p>` : nothing}
      <ul class="addresses">${addresses.map((address) => this.#address(address))}</ul>
      ${qr[this.#chosen] ? qrNode(qr[this.#chosen], `QR code of ${this.#chosen}`) : nothing}
    </dialog>`;
  }

  /** @param {string[]} addresses */
  #lead(addresses) {
    if (this.#answer && !addresses.length) {
      return 'This Hearth listens only on this computer, so nobody else can come in yet.';
    }
    const how = 'Anybody on the same network can open this address, or point a phone’s camera at the QR code.';
    return how + (addresses.length ? MODES[store.hub.mode]?.(addresses) ?? '' : '');
  }

  /** @param {string} address */
  #address(address) {
    const chosen = address === this.#chosen;
    return html`<li class=${chosen ? 'chosen' : ''}>
        <button type="button" class="address" aria-pressed=${String(chosen)}
          @click=${() => this.#choose(address)}>${breakable(address)}</button>
        <button type="button" class="knob" aria-label=${`Copy ${address}`} title="Copy"
          @click=${() => this.raise('copy', { text: address })}>${icon('copy')}</button>
      </li>`;
  }

  /** @param {string} address */
  #choose(address) {
    this.#chosen = address;
    this.update();
  }
}

// An address breaks before its fragment, not in the middle of a word.
/** @param {string} address */
function breakable(address) {
  const [place, ...rest] = address.split('#');
  return rest.length ? html`${place}<wbr><span class="whole">#${rest.join('#')}</span>` : place;
}

customElements.define('hearth-invite-card', HearthInviteCard);
