/** A player of a sound: a button, a wave that is a slider as well, and the time. */
import { fewerBars } from '../../lib/sound-wave.js';
import { placeText } from '../../lib/voice-words.js';
import { element } from '../element.js';
import { iconNode } from '../icon.js';
import { playOrPause } from '../one-sound.js';
import { barsFor, drawBars } from '../wave-canvas.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export class SoundPlayer {
  audio = element('audio', { preload: 'none' });
  #button = element('button', { type: 'button', className: 'knob' });
  #canvas = element('canvas', { aria: { hidden: 'true' } });
  #slider = Object.assign(document.createElement('input'), { type: 'range', max: '0', step: 'any' });
  #time = element('span', { className: 'sound-time' });
  #name;
  /** @type {number[]} */
  #bars = [];
  #seconds = 0; // where the file does not say how long it is
  #label = '';

  /**
   * `played()` is called when somebody plays it first.
   * @param {string} name
   * @param {{ played: () => void }} how
   */
  constructor(name, { played }) {
    this.#name = name;
    const wave = element('span', { className: 'sound-wave' }, this.#slider, this.#canvas);
    this.node = element('div', { className: 'sound-player', role: 'group', aria: { label: name } },
      this.audio, this.#button, wave, this.#time);
    this.#slider.setAttribute('aria-label', `Position in ${name}`);
    this.#button.addEventListener('click', () => playOrPause(this.audio));
    this.#slider.addEventListener('input', () => this.#seek());
    this.audio.addEventListener('play', played, { once: true });
    for (const kind of ['play', 'pause', 'ended', 'durationchange', 'timeupdate', 'seeked']) {
      this.audio.addEventListener(kind, () => this.#draw());
    }
    this.audio.addEventListener('play', () => this.#follow());
    dark.addEventListener('change', this.#recolour);
    this.#draw();
  }

  get #length() {
    const { duration } = this.audio;
    return Number.isFinite(duration) ? duration : this.#seconds;
  }

  /**
   * The loudness of the sound, and its length in seconds.
   * @param {number[]} bars
   * @param {number} seconds
   */
  show(bars, seconds) {
    this.#bars = bars;
    this.#seconds = seconds;
    this.#draw();
  }

  /** Draws it anew whenever its width changes; call it once it is in the page. */
  size() {
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
  }

  #recolour = () => {
    if (this.node.isConnected) this.#draw();
    else dark.removeEventListener('change', this.#recolour);
  };

  #seek() {
    this.audio.currentTime = Number(this.#slider.value);
    this.#draw();
  }

  #follow() {
    this.#draw();
    if (!this.audio.paused && this.node.isConnected) requestAnimationFrame(() => this.#follow());
  }

  #draw() {
    const { audio } = this;
    const [at, length] = [audio.currentTime, this.#length];
    const label = audio.paused ? `Play ${this.#name}` : `Pause ${this.#name}`;
    if (label !== this.#label) {
      this.#label = label;
      this.#button.replaceChildren(iconNode(audio.paused ? 'play' : 'pause'));
      this.#button.title = label;
      this.#button.setAttribute('aria-label', label);
    }
    Object.assign(this.#slider, { max: String(length), value: String(at) });
    this.#slider.setAttribute('aria-valuetext', `${placeText(at)} of ${placeText(length)}`);
    const time = placeText(at || !audio.paused ? at : length);
    if (this.#time.textContent !== time) this.#time.textContent = time;
    if (this.#canvas.clientWidth) {
      drawBars(this.#canvas, fewerBars(this.#bars.length ? this.#bars : [0], barsFor(this.#canvas)),
        length ? at / length : 0);
    }
  }
}
