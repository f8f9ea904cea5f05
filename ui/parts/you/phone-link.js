/** A QR code for one's phone: it works once and for five minutes, and says so when the phone is in. */
import { countdown } from '../../lib/time.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { qrNode } from '../qr-code.js';
/** @import { Device, Link } from '../../lib/types.d.ts' */

const POLL = 3; // seconds between two requests for the new device

class HearthPhoneLink extends ActionComponent {
  /** @type {Required<Link> | null} */
  #link = null;
  /** @type {Element | null} */
  #picture = null;
  #until = 0; // in ms
  /** @type {Set<string>} */
  #known = new Set(); // the ids of the devices before
  /** @type {Device | null} */
  #added = null; // the new device
  #timer = 0;
  #seconds = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#make();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  view() {
    if (this.#added) return this.#isIn(this.#added);
    const left = this.#until - Date.now();
    if (this.#link && left <= 0) return this.#expired();
    return html`<p>Point your phone’s camera at the QR code. It logs the phone in as you, works once, and is for nobody
      else.</p>
      ${this.#picture ?? html`<div class="qr"></div>`}
      ${this.#link ? this.#under(left, this.#link.url) : nothing}
      ${this.faultLine()}`;
  }

  /** @param {Device} device */
  #isIn({ agent }) {
    const name = agentName(agent);
    return html`<div class="done" role="status">${icon('check', 'great')}<p><b>${name}</b> is in. It is you now,
        too.</p></div>
        <div class="card-foot"><button type="button" class="button"
          @click=${() => this.#make()}>Bring in another</button></div>`;
  }

  #expired() {
    return html`<div class="done">${icon('clock', 'great')}<p>This QR code is too old now.</p></div>
        <div class="card-foot"><button type="button" class="button primary"
          @click=${() => this.#make()}>Make a new one</button></div>`;
  }

  /**
   * @param {number} left
   * @param {string} url
   */
  #under(left, url) {
    const copy = () => this.raise('copy', { text: url });
    return html`<p class="under" role="timer">Good for ${countdown(left)}</p>
        <div class="card-foot centre"><button type="button" class="button"
          @click=${copy}>${icon('copy')}Copy the link instead</button></div>`;
  }

  #make() {
    [this.#link, this.#picture, this.#added] = [null, null, null];
    return this.attempt(async () => {
      this.#known = new Set((await this.request('devices')).map(({ id }) => id));
      const link = await this.request('link-device');
      this.#link = link;
      this.#picture = qrNode(link.qr, 'QR code that logs your phone in');
      this.#until = Date.now() + link.seconds * 1000;
    });
  }

  async #tick() {
    if (!this.#link || this.#added || this.#until < Date.now()) return this.update();
    this.#seconds += 1;
    this.update();
    if (this.#seconds % POLL) return undefined;
    const list = await this.request('devices').catch(() => []);
    this.#added = list.find(({ id, purpose }) => purpose === undefined && !this.#known.has(id)) ?? this.#added;
    return this.update();
  }
}

customElements.define('hearth-phone-link', HearthPhoneLink);
