/** The host panel: who waits, who is here, who may come in, the rooms, and what hosts did. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { Sheet } from '../sheet.js';
import './admission.js';
import './audit-log.js';
import './join-requests.js';
import './known-people.js';
import './public-rooms.js';
import './recovery-requests.js';

/** @type {[string, string, () => unknown][]} */
const TABS = [
  ['people', 'People', () => html`<hearth-known-people></hearth-known-people>`],
  ['coming', 'Coming in', () => html`<hearth-admission></hearth-admission>`],
  ['rooms', 'Rooms', () => html`<hearth-public-rooms></hearth-public-rooms>`],
  ['log', 'What happened', () => html`<hearth-audit-log></hearth-audit-log>`],
];

class HearthHostCard extends Sheet {
  static topics = ['host-panel', 'session'];
  static wide = true;

  open(face = 'people') {
    super.open(face);
    this.request('watch-host-panel', { on: true });
  }

  closed() {
    this.request('watch-host-panel', { on: false });
  }

  update() {
    super.update();
    if (this.showing && !store.me?.host) this.close();
  }

  card() {
    const view = TABS.find(([name]) => name === this.face)?.[2];
    return html`${this.top('Host')}
      <div class="tabs" role="tablist" aria-label="Host"
        @keydown=${(event) => this.#key(event)}>${TABS.map(([name, title]) => this.#tab(name, title))}</div>
      <div class="sheet-body" id="host-face" role="tabpanel" aria-labelledby=${`tab-${this.face}`} tabindex="-1">
        <hearth-join-requests></hearth-join-requests><hearth-recovery-requests></hearth-recovery-requests>
        ${store.hostPanel ? view?.() : html`<div class="spinner late"></div>`}
      </div>`;
  }

  #tab(name, title) {
    const selected = name === this.face;
    return html`
        <button type="button" role="tab" id=${`tab-${name}`} aria-selected=${String(selected)} aria-controls="host-face"
          tabindex=${selected ? 0 : -1} @click=${() => this.#choose(name)}>${title}</button>`;
  }

  #choose(name) {
    this.face = name;
    this.update();
    this.querySelector('.sheet-body').scrollTo(0, 0);
  }

  #key(event) {
    const rtl = getComputedStyle(this).direction === 'rtl';
    const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = TABS.findIndex(([name]) => name === this.face);
    const [next] = TABS[(at + step + TABS.length) % TABS.length];
    this.#choose(next);
    queueMicrotask(() => this.querySelector(`#tab-${next}`).focus());
  }
}

customElements.define('hearth-host-card', HearthHostCard);
