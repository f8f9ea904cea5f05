/** The host panel: who waits, who is here, who may come in, the rooms, and what hosts did. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { Sheet } from '../sheet.js';
import './admission.js';
import './audit-log.js';
import './hub-files.js';
import './hub-name.js';
import './join-requests.js';
import './known-people.js';
import './public-rooms.js';
import './recovery-requests.js';

/** @type {[string, string, () => unknown][]} */
const TABS = [
  ['people', 'People', () => html`<hearth-known-people></hearth-known-people>`],
  ['coming', 'Coming in', () => html`<hearth-admission></hearth-admission>
    <div class="part"><hearth-hub-name></hearth-hub-name></div>`],
  ['rooms', 'Rooms', () => html`<hearth-public-rooms></hearth-public-rooms>`],
  ['files', 'Files', () => html`<hearth-hub-files></hearth-hub-files>`],
  ['log', 'What happened', () => html`<hearth-audit-log></hearth-audit-log>`],
];

export class HearthHostCard extends Sheet {
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
        @keydown=${this.#key}>${TABS.map(([name, title]) => this.#tab(name, title))}</div>
      <div class="sheet-body" id="host-face" role="tabpanel" aria-labelledby=${`tab-${this.face}`} tabindex="-1">
        <hearth-join-requests></hearth-join-requests><hearth-recovery-requests></hearth-recovery-requests>
        ${store.hostPanel ? view?.() : html`<div class="spinner late"></div>`}
      </div>`;
  }

  /**
   * @param {string} name
   * @param {string} title
   */
  #tab(name, title) {
    const selected = name === this.face;
    return html`
        <button type="button" role="tab" id=${`tab-${name}`} aria-selected=${String(selected)} aria-controls="host-face"
          tabindex=${selected ? 0 : -1} @click=${() => this.#choose(name)}>${title}</button>`;
  }

  /** @param {string} name */
  #choose(name) {
    this.face = name;
    this.update();
    this.querySelector('.sheet-body')?.scrollTo(0, 0);
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    const back = (event.key === 'ArrowLeft') !== (getComputedStyle(this).direction === 'rtl');
    event.preventDefault();
    const at = TABS.findIndex(([name]) => name === this.face);
    const [next] = TABS[(at + (back ? TABS.length - 1 : 1)) % TABS.length];
    this.#choose(next);
    queueMicrotask(() => this.querySelector(`#tab-${next}`)?.focus());
  };
}

customElements.define('hearth-host-card', HearthHostCard);
