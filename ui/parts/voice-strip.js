/** Above the text box, a voice message while it is recorded: how loud it is, how long, and the ways to end it. */
import { HoldOrTap } from '../lib/hold-or-tap.js';
import { levelOf } from '../lib/sound-wave.js';
import { store } from '../lib/store.js';
import { MOST_FILES } from '../lib/upload-text.js';
import { VoiceRecorder } from '../lib/voice-recorder.js';
import { placeText, recordingProblem, whyNoRecording } from '../lib/voice-words.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { focusOf } from './focus.js';
import { icon } from './icon.js';
import { silence } from './one-sound.js';
import { part } from './part.js';
import { raise } from './raise.js';
import './voice-card.js';
import { barsFor, drawBars } from './wave-canvas.js';
/** @import { HearthComposer } from './composer.js' */

const STEP = 100; // ms between two bars of the level
const CALM = 500; // ms, where nothing is to move
const ASKS = 500; // ms after which the browser seems to ask somebody for the microphone
const FULL = `A message takes up to ${MOST_FILES} files. Remove one of them, then record.`;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class HearthVoiceStrip extends Component {
  static topics = ['room'];
  /** @type {VoiceRecorder | null} */
  #recorder = null;
  /** @type {AudioContext | null} */
  #ears = null;
  /** @type {AnalyserNode | null} */
  #hears = null;
  /** @type {number[]} */
  #levels = [];
  #place = ''; // the draft to which it goes
  #isWaiting = false; // for the microphone
  #said = '';
  #timer = 0;
  #press = new HoldOrTap({
    begin: () => this.#begin(), end: () => this.#recorder?.end(), runs: () => Boolean(this.#recorder?.isRunning),
  });

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#leave();
  }

  /**
   * The microphone beside the text box was pressed; `letGo` is there for what may be held, and tells its end.
   * @param {Event} event
   * @param {AbortSignal | null} letGo
   */
  press(event, letGo) {
    const knob = this.#knob;
    if (letGo) knob && this.#press.down(/** @type {PointerEvent} */ (event), knob, letGo);
    else this.#press.click(event);
  }

  /** Ends what is recorded, and keeps it to be sent. */
  end() {
    this.#recorder?.end();
  }

  update() {
    if (this.#recorder && this.#composer?.place !== this.#place) this.#leave();
    super.update();
  }

  view() {
    const { isRunning = false } = this.#recorder ?? {};
    return html`${isRunning ? this.#strip() : nothing}${this.#isWaiting
      ? html`<p class="voice-strip">Waiting for the microphone. The browser may ask for it.</p>`
      : nothing}<p class="quiet" role="status">${this.#said}</p>`;
  }

  #strip() {
    return html`<div class="voice-strip" role="group" aria-label="Recording a voice message" @keydown=${this.#key}>
      <span class="voice-dot" aria-hidden="true"></span><span class="voice-time" role="timer"></span>
      <canvas class="voice-level" aria-hidden="true"></canvas>
      <button type="button" class="knob" aria-label="Discard the recording" title="Discard"
        @click=${() => this.#discard()}>${icon('remove')}</button>
      <button type="button" class="knob wide" @click=${() => this.#recorder?.end()}>${icon('check')}Done</button>
    </div>`;
  }

  get #composer() {
    return /** @type {HearthComposer | null} */ (this.closest('hearth-composer, hearth-thread-composer'));
  }

  get #knob() {
    return this.#composer?.querySelector('.voice-knob') ?? null;
  }

  async #begin() {
    const composer = this.#composer;
    if (!composer || this.#recorder) return;
    const why = whyNoRecording(window);
    if (why) return part('voice-card')?.explain(composer, why);
    if (store.attachedTo(composer.place).length >= MOST_FILES) return this.raise('notice', { text: FULL });
    silence();
    const [place, room, who] = [composer.place, store.room?.name ?? '', store.me?.who];
    const recorder = new VoiceRecorder((file, text) => {
      // Nobody else gets what was recorded, whoever signs in after that.
      const isTheirs = store.me?.who === who;
      this.#ended(recorder, isTheirs ? file : null, isTheirs ? text : '', { place, room });
    });
    this.#recorder = recorder;
    this.#place = place;
    const timer = setTimeout(() => this.#wait(this.#recorder === recorder), ASKS);
    try {
      const stream = await recorder.begin();
      if (stream) this.#runs(stream);
    } catch (error) {
      recorder.drop(); // whatever failed, nobody is heard any more
      if (this.#recorder !== recorder) return; // it was left before
      this.#rest('');
      part('voice-card')?.explain(composer, recordingProblem(error));
    } finally {
      clearTimeout(timer);
      if (!this.#recorder || this.#recorder === recorder) this.#wait(false);
    }
  }

  /** @param {boolean} isWaiting */
  #wait(isWaiting) {
    this.#isWaiting = isWaiting;
    this.update();
  }

  /** @param {MediaStream} stream */
  #runs(stream) {
    addEventListener('beforeunload', stay);
    this.#knob?.setAttribute('aria-pressed', 'true');
    this.#knob?.addEventListener('keydown', this.#key);
    addEventListener('keydown', this.#heldKey, true);
    this.#said = 'Recording.';
    this.#levels = [];
    this.#ears = new AudioContext();
    this.#hears = this.#ears.createAnalyser();
    this.#ears.createMediaStreamSource(stream).connect(this.#hears);
    this.#timer = setInterval(() => this.#show(), still.matches ? CALM : STEP);
    this.update();
    queueMicrotask(() => queueMicrotask(() => {
      this.#show();
      if (!this.#press.isHeld) this.querySelector('.knob.wide')?.focus();
    }));
  }

  #show() {
    const [canvas, time] = [this.querySelector('canvas'), this.querySelector('.voice-time')];
    if (!canvas || !time || !this.#recorder || !this.#hears) return;
    const text = placeText(this.#recorder.seconds);
    if (time.textContent !== text) time.textContent = text;
    const samples = new Float32Array(this.#hears.fftSize);
    this.#hears.getFloatTimeDomainData(samples);
    const [level, count] = [levelOf(samples), barsFor(canvas)];
    this.#levels = [...this.#levels, level].slice(-count);
    if (still.matches) drawBars(canvas, Array(count).fill(0.3), level);
    else drawBars(canvas, this.#levels, 1);
  }

  // Escape in the strip, on the button that began it, or while that is held.
  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key !== 'Escape' || !this.#recorder) return;
    event.preventDefault();
    event.stopPropagation();
    this.#discard();
  };

  // While the button is held the focus may be anywhere.
  /** @param {KeyboardEvent} event */
  #heldKey = (event) => {
    if (this.#press.isHeld) this.#key(event);
  };

  #discard() {
    this.#recorder?.drop();
    this.#rest('The recording was discarded.');
    this.update();
  }

  // The room or the thread is another one by now, or gone: what was recorded stays in the draft of the one before.
  #leave() {
    const recorder = this.#recorder;
    if (recorder?.isRunning) recorder.end();
    else recorder?.drop();
    this.#rest('');
  }

  /**
   * @param {VoiceRecorder} recorder
   * @param {File | null} file
   * @param {string} text
   * @param {{ place: string, room: string }} draft
   */
  #ended(recorder, file, text, draft) {
    if (this.#recorder === recorder) this.#rest('Recording ended.');
    this.update();
    if (text) raise(document.body, 'notice', { text });
    if (file) raise(document.body, 'attach', { files: [file], ...draft });
  }

  /** @param {string} said */
  #rest(said) {
    removeEventListener('beforeunload', stay);
    removeEventListener('keydown', this.#heldKey, true);
    clearInterval(this.#timer);
    this.#ears?.close();
    this.#ears = this.#hears = this.#recorder = null;
    this.#isWaiting = false;
    this.#said = said;
    const [knob, { activeElement }] = [this.#knob, document];
    knob?.removeAttribute('aria-pressed');
    knob?.removeEventListener('keydown', this.#key);
    if (!this.contains(activeElement) && activeElement !== knob) return;
    knob?.focus();
    focusOf(this.#composer);
  }
}

/** @param {BeforeUnloadEvent} event */
function stay(event) {
  event.preventDefault();
  event.returnValue = true;
}

customElements.define('hearth-voice-strip', HearthVoiceStrip);
