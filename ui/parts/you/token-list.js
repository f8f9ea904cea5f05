/** Tokens with which one's own programs write: made for a purpose, shown once, ended at will. */
import { ago } from '../../lib/time.js';
import { html, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { onSubmit } from '../listeners.js';
/** @import { Device } from '../../lib/types.d.ts' */

class HearthTokenList extends ActionComponent {
  /** @type {Device[]} */
  #list = [];
  /** @type {{ token: string, purpose: string } | null} */
  #made = null; // the one just made

  connectedCallback() {
    super.connectedCallback();
    this.attempt(() => this.#load());
  }

  view() {
    return html`<p>A token lets a script or bot write under your name. Its messages are marked “bot”.</p>
      ${this.#made ? this.#shown(this.#made) : this.#form()}
      ${this.faultLine()}
      <ul class="lines">${repeat(this.#list, ({ id }) => id, (token) => this.#token(token))}</ul>`;
  }

  #form() {
    return html`<form class="row-form" novalidate
        @submit=${onSubmit(({ purpose }) => this.#make(purpose.value.trim()))}>
        <label class="labelled">What is it for?
          <input class="field" name="purpose" maxlength="100" dir="auto" autocomplete="off" placeholder="Weather report"
            data-first></label>
        <button class="button primary" aria-disabled=${String(this.busy)}>Make a token</button>
      </form>`;
  }

  /** @param {{ token: string, purpose: string }} made */
  #shown({ token, purpose }) {
    return html`<div class="once" role="status">
      <p><b>The token for <bdi>${purpose}</bdi></b></p>
      <div class="copyable"><code>${token}</code>
        <button type="button" class="knob" aria-label="Copy the token" title="Copy"
          @click=${() => this.raise('copy', { text: token })}>${icon('copy')}</button></div>
      <p>It is shown only now. Send it as <code>Authorization: Bearer …</code></p>
      <div class="card-foot"><button type="button" class="button" @click=${() => this.#done()}>I have it</button></div>
    </div>`;
  }

  /** @param {Device} token */
  #token({ id, purpose, made }) {
    return html`<li class="item">${icon('key')}
        <span class="what"><span><bdi>${purpose}</bdi></span><small>made ${ago(made)}</small></span>
        <button type="button" class="button small danger" aria-label=${`End the token for ${purpose}`}
          @click=${() => this.#end(id, purpose)}>End</button>
      </li>`;
  }

  async #load() {
    const devices = await this.request('devices');
    this.#list = devices.filter(({ purpose }) => purpose !== undefined).sort((a, b) => b.made - a.made);
  }

  /** @param {string} purpose */
  #make(purpose) {
    if (!purpose) {
      this.fault = 'Say what it is for, so that you know later.';
      return this.update();
    }
    return this.attempt(async () => {
      this.#made = { ...(await this.request('make-token', { purpose })), purpose };
      await this.#load();
    });
  }

  #done() {
    this.#made = null;
    this.update();
    setTimeout(() => this.querySelector('[name=purpose]')?.focus());
  }

  /**
   * @param {string} device
   * @param {string | undefined} purpose
   */
  async #end(device, purpose) {
    const text = `The program for “${purpose}” can no longer write as you.`;
    const sure = await this.request('confirm', { title: 'End this token?', text, yes: 'End' });
    if (sure) await this.attempt(() => this.request('end-device', { device }).then(() => this.#load()));
  }
}

customElements.define('hearth-token-list', HearthTokenList);
