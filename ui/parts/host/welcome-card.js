/** The welcome for a host: the name of the hub, who may come in, how to invite. Each step can be left out. */
import { html, nothing } from '../../vendor/lit.js';
import { qrNode } from '../qr-code.js';
import { Sheet } from '../sheet.js';
import './admission.js';
import './hub-name.js';

const STEPS = ['name', 'door', 'invite'];
/** @type {Record<string, string>} */
const TITLES = { name: 'What is this Hearth called?', door: 'Who may come in?', invite: 'Bring in the others' };

export class HearthWelcomeCard extends Sheet {
  static topics = ['host-panel', 'session'];
  #address = ''; // at which others come in
  /** @type {SVGElement | null} */
  #picture = null;

  open() {
    super.open('name');
    this.request('watch-host-panel', { on: true });
  }

  // The address depends on what was said before about who may come in.
  /** @param {string} face */
  turn(face) {
    super.turn(face);
    if (face === 'invite') this.#load();
  }

  // Left or done, it does not come again.
  closed() {
    this.request('watch-host-panel', { on: false });
    this.raise('prefer', { patch: { welcomed: true } });
  }

  card() {
    const at = STEPS.indexOf(this.face);
    const back = at > 0 ? () => this.turn(STEPS[at - 1]) : undefined;
    return html`${this.top(TITLES[this.face] ?? '', back)}<div class="sheet-body">
      <p class="hint">Step ${at + 1} of ${STEPS.length}. All of it can be changed later, in the host panel.</p>
      ${this.#step(at)}</div>`;
  }

  /** @param {number} at */
  #step(at) {
    const next = () => (STEPS[at + 1] ? this.turn(STEPS[at + 1]) : this.close());
    if (this.face === 'name') return html`<hearth-hub-name .verb=${'Next'} .done=${next}></hearth-hub-name>`;
    return html`${this.face === 'door' ? html`<hearth-admission></hearth-admission>` : this.#invitation()}
      <div class="card-foot"><button type="button" class="button primary"
        @click=${next}>${STEPS[at + 1] ? 'Next' : 'Done'}</button></div>`;
  }

  #invitation() {
    if (!this.#address) {
      return html`${this.faultLine()}${this.busy || this.fault ? nothing : html`<p>This Hearth listens only on this
        computer, so nobody else can come in yet.</p>`}`;
    }
    return html`<p>Anybody on the same network opens this address, or points a phone’s camera at the QR code. “Invite”,
        above the messages, shows it again.</p>
      <div class="copyable"><code>${this.#address}</code><button type="button" class="button small"
        @click=${() => this.raise('copy', { text: this.#address })}>Copy</button></div>
      ${this.#picture}`;
  }

  #load() {
    return this.attempt(async () => {
      const { addresses, qr } = await this.request('invitation');
      [this.#address = ''] = addresses;
      this.#picture = qr[this.#address] ? qrNode(qr[this.#address], `QR code of ${this.#address}`) : null;
    });
  }
}

customElements.define('hearth-welcome-card', HearthWelcomeCard);
