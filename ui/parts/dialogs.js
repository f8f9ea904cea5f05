/** The cards that lie over the page: invite, and the two questions before something is lost. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './part.js';
import { qrNode } from './qr.js';

class HearthInvite extends Part {
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
    return html`<dialog class="card" aria-labelledby="invite-title" @click=${closeOutside}>
      <div class="card-head"><h2 id="invite-title">Invite somebody</h2>${closer()}</div>
      <p>${this.#answer && !addresses.length
        ? 'This hub listens only on this computer, so nobody else can come in yet.'
        : 'Anybody on the same network can open this address, or point a phone’s camera at the square.'}</p>
      ${this.#fault ? html`<p class="fault" role="alert">${this.#fault}</p>` : nothing}
      <ul class="addresses">${addresses.map((address) => html`<li class=${address === this.#chosen ? 'chosen' : ''}>
        <button type="button" class="address" aria-pressed=${String(address === this.#chosen)} @click=${() => this.#choose(address)}>${address}</button>
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

/** Asks one question; `ask()` gives true when the answer was yes. */
class HearthQuestion extends Part {
  #question = { title: '', text: '', yes: '' };
  #done = null;

  ask(question) {
    this.#question = question;
    this.update();
    return new Promise((done) => {
      this.#done = done;
      queueMicrotask(() => this.querySelector('dialog').showModal());
    });
  }

  view() {
    const { title, text, yes } = this.#question;
    const answer = (said) => () => {
      this.#done?.(said);
      this.#done = null;
      this.querySelector('dialog').close();
    };
    return html`<dialog class="card" aria-labelledby="question-title" @click=${closeOutside} @close=${() => this.#done?.(false)}>
      <h2 id="question-title">${title}</h2><p dir="auto">${text}</p>
      <div class="card-foot">
        <button type="button" class="button" @click=${answer(false)}>Cancel</button>
        <button type="button" class="button danger" @click=${answer(true)}>${yes}</button>
      </div>
    </dialog>`;
  }
}

class HearthToasts extends Part {
  #said = [];

  connectedCallback() {
    super.connectedCallback();
    store.addEventListener('notice', ({ detail }) => {
      this.#said = [...this.#said.filter((text) => text !== detail), detail].slice(-3);
      this.update();
      setTimeout(() => {
        this.#said = this.#said.filter((text) => text !== detail);
        this.update();
      }, 5000);
    });
  }

  view() {
    return html`<div class="toasts" role="status">${this.#said.map((text) => html`<p class="toast">${text}</p>`)}</div>`;
  }
}

function closer() {
  return html`<button type="button" class="knob" aria-label="Close" @click=${({ currentTarget }) => currentTarget.closest('dialog').close()}>${icon('close')}</button>`;
}

function closeOutside(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}

customElements.define('hearth-invite', HearthInvite);
customElements.define('hearth-question', HearthQuestion);
customElements.define('hearth-toasts', HearthToasts);
