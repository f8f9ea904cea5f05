/** The cards that lie over the page: invite, and the two questions before something is lost. */
import { store } from '../lib/store.js';
import { html, live, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './component.js';
import { qrNode } from './qr-code.js';

const EARLY = 700; // so long at least somebody has to have seen a question

// What an address is worth depends on who may come in.
const MODES = {
  code: ([address]) => (address.includes('#code=') ? ' The code is part of it: whoever has the address can come in, so show it only to guests.' : ' They also need the code.'),
  login: () => (store.me?.host ? ' Newcomers then wait for you; with an invitation from the host panel they need not.' : ' Newcomers then wait until a host lets them in.'),
};

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

/**
 * Asks one question; `ask()` gives true when the answer was yes. What is `typed` must be typed to say it. A `calm` one
 * loses nothing, but gives something away: a click that was meant for what was there before does not count.
 */
class HearthQuestion extends Part {
  #question = { title: '', text: '', yes: '', typed: '' };
  #said = '';
  #done = null;
  #early = false;
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('focus', this.#hold);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#hold);
  }

  ask(question) {
    this.#question = question;
    this.#said = '';
    this.#hold();
    return new Promise((done) => {
      this.#done = done;
      queueMicrotask(() => this.querySelector('dialog').showModal());
    });
  }

  view() {
    const { title, text, yes, typed, calm } = this.#question;
    const able = !this.#early && (!typed || this.#said.trim() === typed.trim());
    const answer = (said) => () => {
      if (said && !able) return this.querySelector('input')?.focus();
      this.#done?.(said);
      this.#done = null;
      this.querySelector('dialog').close();
      return undefined;
    };
    return html`<dialog class="card" aria-labelledby="question-title" aria-describedby="question-text" @click=${closeOutside} @close=${({ target }) => target.open || this.#done?.(false)}>
      <h2 id="question-title"><bdi>${title}</bdi></h2><p id="question-text" dir="auto">${text}</p>
      ${typed ? html`<label class="labelled sure"><span>To be sure, type <b dir="auto">${typed}</b></span>
        <input class="field" dir="auto" autocomplete="off" autocapitalize="none" spellcheck="false" .value=${live(this.#said)} @input=${({ target }) => this.#type(target.value)}></label>` : nothing}
      <div class="card-foot">
        <button type="button" class="button" @click=${answer(false)}>Cancel</button>
        <button type="button" class="button ${calm ? 'primary' : 'danger'}" aria-disabled=${String(!able)} @click=${answer(true)}>${yes}</button>
      </div>
    </dialog>`;
  }

  // From when it is seen: also when another window lay over this one until now.
  #hold = () => {
    clearTimeout(this.#timer);
    this.#early = Boolean(this.#question.calm);
    if (this.#early) this.#timer = setTimeout(() => this.#late(), EARLY);
    this.update();
  };

  #late() {
    this.#early = false;
    this.update();
  }

  #type(text) {
    this.#said = text;
    this.update();
  }
}

class HearthToasts extends Part {
  #said = [];
  #soon = new Set();
  #box = null;

  connectedCallback() {
    super.connectedCallback();
    store.addEventListener('notice', this.#hear);
    store.addEventListener('settled', this.#drop);
    document.addEventListener('close', this.#rise, true);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    store.removeEventListener('notice', this.#hear);
    store.removeEventListener('settled', this.#drop);
    document.removeEventListener('close', this.#rise, true);
  }

  #hear = ({ detail }) => {
    this.#rise();
    this.#soon.add(detail);
    setTimeout(() => { // what is already there when a region comes up is not read out
      if (!this.#soon.delete(detail)) return;
      this.#said = [...this.#said.filter((text) => text !== detail), detail].slice(-3);
      this.update();
    }, 100);
    setTimeout(() => this.#drop({ detail }), 5000);
  };

  #drop = ({ detail }) => {
    this.#soon.delete(detail);
    this.#said = this.#said.filter((text) => text !== detail);
    this.update();
  };

  view() {
    return html`<div class="toasts" role="status" popover="manual">${this.#said.map((text) => html`<p class="toast">${text}</p>`)}</div>`;
  }

  // Above whatever dialog is open by now, and in it: a dialog silences everything else on the page.
  #rise = () => {
    const box = this.#box ??= this.firstElementChild;
    if (!box) return;
    ([...document.querySelectorAll('dialog[open]')].pop() ?? this).append(box);
    if (box.showPopover) box.showPopover();
    else box.removeAttribute('popover');
  };
}

// An address breaks before what it bears, not in the middle of a word.
function broken(address) {
  const [place, ...rest] = address.split('#');
  return rest.length ? html`${place}<wbr><span class="whole">#${rest.join('#')}</span>` : place;
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
