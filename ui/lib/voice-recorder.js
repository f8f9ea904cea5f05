/** Records what a microphone hears, until it is told to end, or the microphone or the time does. */
import { plainType, recordedKind, recordingName } from './voice-words.js';
import { withDuration } from './webm-duration.js';

const LONGEST = 3600000; // ms
const PIECE = 1000; // ms of which each part of a recording has so many: what was recorded is not lost with the rest
const BITS = 40000; // a second: speech is clear with that
const HEAD = 65536; // bytes at whose beginning WebM says what it is
const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const GONE = 'The microphone is gone. What was recorded until then is kept.';
const LONG = 'A voice message takes up to an hour. What was recorded until then is kept.';
const EMPTY = 'Nothing was recorded.';

/**
 * @typedef {object} Microphone what of the browser records; a test has others
 * @property {Pick<MediaDevices, 'getUserMedia'>} devices
 * @property {typeof MediaRecorder} Recorder
 */

export class VoiceRecorder {
  #ended;
  #browser;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {MediaRecorder | null} */
  #recorder = null;
  /** @type {Blob[]} */
  #parts = [];
  #began = 0;
  #timer = 0;
  #isOver = false; // nothing more is told
  #why = GONE; // why it ends, if nobody ends it

  /**
   * `ended(file, why)` is called once: the recording, or null where there is none, and what is to be said about it.
   * @param {(file: File | null, why: string) => void} ended
   * @param {Microphone} [browser]
   */
  constructor(ended, browser = { devices: navigator.mediaDevices, Recorder: MediaRecorder }) {
    this.#ended = ended;
    this.#browser = browser;
  }

  get isRunning() {
    return this.#began > 0 && !this.#isOver;
  }

  get seconds() {
    return this.#began ? (Date.now() - this.#began) / 1000 : 0;
  }

  /**
   * Begins; resolves to what is heard, or to null where it was dropped meanwhile. Rejects with the browser's error.
   * @returns {Promise<MediaStream | null>}
   */
  async begin() {
    const { devices, Recorder } = this.#browser;
    this.#stream = await devices.getUserMedia({ audio: MICROPHONE });
    if (this.#isOver) {
      this.#silence();
      return null;
    }
    const mimeType = recordedKind((kind) => Recorder.isTypeSupported(kind));
    try {
      this.#record(new Recorder(this.#stream, { audioBitsPerSecond: BITS, mimeType }));
    } catch (error) {
      this.drop();
      throw error;
    }
    return this.#stream;
  }

  /** @param {MediaRecorder} recorder */
  #record(recorder) {
    recorder.ondataavailable = ({ data }) => data.size && this.#parts.push(data);
    recorder.onstop = () => this.#finish(recorder.mimeType);
    recorder.onerror = () => this.#stop(GONE);
    for (const track of this.#stream?.getTracks() ?? []) track.onended = () => this.#stop(GONE);
    recorder.start(PIECE);
    this.#recorder = recorder;
    this.#began = Date.now();
    this.#timer = setTimeout(() => this.#stop(LONG), LONGEST);
  }

  /** Ends it and keeps what was recorded. */
  end() {
    this.#stop('');
  }

  /** Ends it, and nothing is kept. */
  drop() {
    this.#isOver = true;
    this.#stop('');
    this.#silence();
  }

  /** @param {string} why */
  #stop(why) {
    clearTimeout(this.#timer);
    if (!this.#recorder || this.#recorder.state === 'inactive') return;
    this.#why = why;
    this.#recorder.stop();
  }

  #silence() {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
  }

  /** @param {string} kind */
  async #finish(kind) {
    clearTimeout(this.#timer);
    this.#silence();
    if (this.#isOver) return;
    this.#isOver = true;
    const ms = Date.now() - this.#began;
    const type = plainType(kind || this.#parts[0]?.type || 'audio/webm');
    const blob = new Blob(this.#parts, { type });
    if (!blob.size) return this.#ended(null, EMPTY);
    const head = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
    const start = /** @type {Uint8Array<ArrayBuffer>[] | null} */ (withDuration(head, ms));
    const parts = start ? [...start, blob.slice(head.length)] : [blob];
    const began = new Date(this.#began);
    this.#ended(new File(parts, recordingName(began, type), { type }), this.#why);
  }
}
