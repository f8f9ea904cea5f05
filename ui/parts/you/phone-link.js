/** A QR code for one's phone: it works once and for five minutes, and says so when the phone is in. */
import { countdown } from '../../lib/time.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { qrNode } from '../qr-code.js';

const LOOK = 3; // seconds between looks for the new device

class HearthPhoneLink extends ActionComponent {
  #link = null;
  #picture = null;
  #until = 0;
  #known = new Set();
  #came = null;
  #tick = 0;
  #beats = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#make();
    this.#tick = setInterval(() => this.#beat(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  view() {
    if (this.#came) {
      return html`<div class="done" role="status">${icon('check', 'great')}<p><b>${agentName(this.#came.agent)}</b> is in. It is you now, too.</p></div>
        <div class="card-foot"><button type="button" class="button" @click=${() => this.#make()}>Bring in another</button></div>`;
    }
    const left = this.#until - Date.now();
    if (this.#link && left <= 0) {
      return html`<div class="done">${icon('clock', 'great')}<p>This QR code is too old now.</p></div>
        <div class="card-foot"><button type="button" class="button primary" @click=${() => this.#make()}>Make a new one</button></div>`;
    }
    return html`<p>Point your phone’s camera at the QR code. It logs the phone in as you, works once, and is for nobody else.</p>
      ${this.#picture ?? html`<div class="qr"></div>`}
      ${this.#link ? html`<p class="under" role="timer">Good for ${countdown(left)}</p>
        <div class="card-foot centre"><button type="button" class="button" @click=${() => this.raise('copy', { text: this.#link.url })}>${icon('copy')}Copy the link instead</button></div>` : nothing}
      ${this.faultLine()}`;
  }

  #make() {
    [this.#link, this.#picture, this.#came] = [null, null, null];
    return this.attempt(async () => {
      this.#known = new Set((await this.request('devices')).map(({ id }) => id));
      this.#link = await this.request('phone');
      this.#picture = qrNode(this.#link.qr, 'QR code that logs your phone in');
      this.#until = Date.now() + this.#link.seconds * 1000;
    });
  }

  async #beat() {
    if (!this.#link || this.#came || this.#until < Date.now()) return this.update();
    this.#beats += 1;
    this.update();
    if (this.#beats % LOOK) return undefined;
    const list = await this.request('devices').catch(() => []);
    this.#came = list.find(({ id, purpose }) => purpose === undefined && !this.#known.has(id)) ?? this.#came;
    return this.update();
  }
}

customElements.define('hearth-phone-link', HearthPhoneLink);
