/** The form for how long files stay in a room. What would go at once is asked about first. */
import { keepText } from '../../lib/keep-text.js';
import { sizeText } from '../../lib/size-text.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { onSubmit } from '../listeners.js';
/** @import { RoomDetails } from '../../lib/types.d.ts' */

const [MB, GB] = [1e6, 1e9];
const MOST_DAYS = 3650;

class HearthKeepForm extends ActionComponent {
  room = '';
  done = () => {};
  /** @type {RoomDetails | null} */
  #details = null;
  #byTime = false;
  #bySize = false;

  connectedCallback() {
    super.connectedCallback();
    this.attempt(async () => {
      this.#details = await this.request('room-details', { name: this.room });
      this.#byTime = Boolean(this.#details.keep_days);
      this.#bySize = Boolean(this.#details.keep_bytes);
    });
  }

  view() {
    if (!this.#details) return html`${this.faultLine('hearth-keep-form-fault')}${
      this.fault ? nothing : html`<div class="spinner late"></div>`}`;
    const { keep_days: days = 0, keep_bytes: bytes = 0 } = this.#details;
    const unit = bytes && bytes % GB ? MB : GB;
    const described = 'hearth-keep-form-fault';
    return html`<form class="stack" @submit=${onSubmit((fields) => this.#save(fields))} novalidate
      @input=${() => this.#clear()}>
      <p>At present: ${keepText(days, bytes)}. The room is told when files are removed.</p>
      <div class="keep-rule"><label class="check"><input type="checkbox" name="byTime" .checked=${this.#byTime}
          @change=${() => this.#toggle('byTime')}><span>Remove files after</span></label>
        <span class="pair"><input class="field" name="days" type="number" inputmode="numeric" min="1" max=${MOST_DAYS}
          aria-label="Days" aria-describedby=${described} .value=${String(days || 30)}
          ?disabled=${!this.#byTime}><span>days</span></span></div>
      <div class="keep-rule"><label class="check"><input type="checkbox" name="bySize" .checked=${this.#bySize}
          @change=${() => this.#toggle('bySize')}><span>Keep only the newest</span></label>
        <span class="pair"><input class="field" name="size" type="number" inputmode="decimal" min="0" step="any"
          aria-label="Size" aria-describedby=${described} .value=${String(bytes ? bytes / unit : 1)}
          ?disabled=${!this.#bySize}><select class="field" name="unit" aria-label="Unit"
          ?disabled=${!this.#bySize}>${[[MB, 'MB'], [GB, 'GB']].map(([value, name]) => html`<option value=${value}
            ?selected=${value === unit}>${name}</option>`)}</select></span></div>
      ${this.faultLine(described)}
      <div class="card-foot"><button type="button" class="button" @click=${() => this.done()}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div></form>`;
  }

  // What was refused is about to be mended.
  #clear() {
    this.fault = '';
    this.update();
  }

  /** @param {'byTime' | 'bySize'} which */
  #toggle(which) {
    if (which === 'byTime') this.#byTime = !this.#byTime;
    else this.#bySize = !this.#bySize;
    this.update();
  }

  /** @param {Record<string, HTMLInputElement>} fields */
  async #save({ days: daysField, size, unit }) {
    const days = this.#byTime ? Number(daysField.value) : 0;
    const bytes = this.#bySize ? Math.round(Number(size.value) * Number(unit.value)) : 0;
    const { keep_days: daysBefore = 0, keep_bytes: bytesBefore = 0 } = this.#details ?? {};
    if (this.#byTime && !(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)) {
      return this.#refuse(`Type a number of days, from 1 to ${MOST_DAYS.toLocaleString('en')}.`, daysField);
    }
    if (this.#bySize && !(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER)) {
      return this.#refuse('Type a size, such as 500 MB.', size);
    }
    if (days === daysBefore && bytes === bytesBefore) return this.done();
    const name = this.room;
    const saved = await this.attempt(async () => {
      const { files, bytes: gone } = await this.request('files-leaving', { room: name, days, bytes });
      if (files && !await this.request('confirm', {
        title: files === 1 ? 'Remove a file?' : `Remove ${files.toLocaleString('en')} files?`,
        text: files === 1
          ? `It takes ${sizeText(gone)}, is removed within the hour, and cannot be brought back.`
          : `The oldest, ${sizeText(gone)} together, are removed within the hour and cannot be brought back.`,
        yes: 'Remove',
      })) return { saved: false };
      await this.request('change-room', { name, command: { do: 'keep', days, bytes } });
      return { saved: true };
    });
    if (/** @type {{ saved?: boolean }} */ (saved).saved) this.done();
  }

  /**
   * @param {string} why
   * @param {HTMLElement} field
   */
  #refuse(why, field) {
    this.fault = why;
    this.update();
    field.focus();
  }
}

customElements.define('hearth-keep-form', HearthKeepForm);
