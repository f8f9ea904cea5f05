/** A button by which one listens to a sound that is not sent yet. */
import { placeText } from '../lib/voice-words.js';
import { html } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { playOrPause } from './one-sound.js';

export class HearthListenKnob extends Component {
  #source = '';
  #name = '';
  #failed = false;

  /** @param {{ source: string, name: string }} sound where the page has it, and what it is called */
  set sound({ source, name }) {
    if (source === this.#source && name === this.#name) return;
    [this.#source, this.#name] = [source, name];
    this.#failed = false;
    this.update();
  }

  view() {
    const { audio } = this;
    const plays = Boolean(audio && !audio.paused);
    const label = `${plays ? 'Stop' : 'Listen to'} ${this.#name}`;
    const drawn = () => this.update();
    const press = () => this.audio && playOrPause(this.audio);
    return html`<audio src=${this.#source} preload="metadata" @play=${drawn} @pause=${drawn} @ended=${drawn}
        @timeupdate=${drawn} @error=${() => this.#fail()}></audio>
      <button type="button" class="upload-sign" aria-label=${label} title=${plays ? 'Stop' : 'Listen'}
        ?disabled=${this.#failed} @click=${press}>${icon(plays ? 'pause' : 'play')}${plays
          ? html`<small aria-hidden="true">${placeText(audio?.currentTime ?? 0)}</small>` : ''}</button>`;
  }

  get audio() {
    return this.querySelector('audio');
  }

  #fail() {
    this.#failed = true;
    this.update();
  }
}

customElements.define('hearth-listen-knob', HearthListenKnob);
