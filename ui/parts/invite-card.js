/** The card that shows the addresses at which others can come in. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { closeOnBackdrop } from './dialog.js';
import { icon } from './icon.js';
import { qrNode } from './qr-code.js';

// What an address is worth depends on who may come in.
const MODES = {
  code: ([address]) => (address.includes('#code=') ? ' The code is part of it: whoever has the address can come in, so show it only to guests.' : ' They also need the code.'),
  login: () => (store.me?.host ? ' Newcomers then wait for you; with an invitation from the host panel they need not.' : ' Newcomers then wait until a host lets them in.'),
};

class HearthInviteCard extends Component {
  #answer = null;
  #fault = '';
  #chosen = '';

  /** `load()` gives what `/api/invite` says. */
  async open(load) {
    [this.#answer, this.#fault] = [null, ''];
    this.update();
    this.querySelector('dialog').showModal();
    try {
      this.#answer = await load();
      this.#chosen = this.#answer.addresses[0] ?? '';
    } catch (problem) {
      this.#fault = problem.message;
    }
    this.update();
  }

  view() {
    const { addresses = [], qr = {} } = this.#answer ?? {};
    return html`<dialog class="card" aria-labelledby="invite-title" @click=${closeOnBackdrop}>
      <div class="card-head"><h2 id="invite-title">Invite somebody</h2><button type="button" class="knob" aria-label="Close" @click=${() => this.querySelector('dialog').close()}>${icon('close')}</button></div>
      <p>${this.#answer && !addresses.length
        ? 'This Hearth listens only on this computer, so nobody else can come in yet.'
        : 'Anybody on the same network can open this address, or point a phone’s camera at the QR code.'}${addresses.length ? MODES[store.hub.mode]?.(addresses) ?? '' : ''}</p>
      ${this.#fault ? html`<p class="fault" role="alert">${this.#fault}</p>` : nothing}
      <ul class="addresses">${addresses.map((address) => html`<li class=${address === this.#chosen ? 'chosen' : ''}>
        <button type="button" class="address" aria-pressed=${String(address === this.#chosen)} @click=${() => this.#choose(address)}>${broken(address)}</button>
        <button type="button" class="knob" aria-label=${`Copy ${address}`} title="Copy" @click=${() => this.raise('copy', { text: address })}>${icon('copy')}</button>
      </li>`)}</ul>
      ${qr[this.#chosen] ? qrNode(qr[this.#chosen], `QR code of ${this.#chosen}`) : nothing}
    </dialog>`;
  }

  #choose(address) {
    this.#chosen = address;
    this.update();
  }
}

// An address breaks before what it bears, not in the middle of a word.
function broken(address) {
  const [place, ...rest] = address.split('#');
  return rest.length ? html`${place}<wbr><span class="whole">#${rest.join('#')}</span>` : place;
}

customElements.define('hearth-invite-card', HearthInviteCard);
