/** One file that somebody chose, from there until the hub has it. */
import { fileAddress } from './file-address.js';
import { Upload, UploadFailure } from './upload.js';
/** @import { Attached, Prepared, SendFile } from './types.d.ts' */

const SHOWN = 1 << 21; // bytes of a picture that is shown itself, where it has no small one
const SOUND = /^audio\/(mpeg|ogg|mp4|x-m4a|wav|x-wav|webm)$/;
const LOOK_BACK = 5000; // ms whose speed tells how long the rest takes
const PREVIEW_TRIES = 3;
const UNREADABLE = 'This cannot be read. Pack a folder into one file, and send that.';

/**
 * @typedef {object} Ways how files get to the hub
 * @property {SendFile} send
 * @property {(body: Blob, signal: AbortSignal) => Promise<string>} digest
 * @property {(file: File, how: { keep: boolean }) => Promise<Prepared>} prepare
 */

export class AttachedFile {
  /** @type {File | null} */
  #file = null; // null: this page cannot read it any more
  /** @type {Prepared | null} */
  #prepared = null;
  /** @type {Upload | null} */
  #upload = null;
  #stop = new AbortController();
  #found = false; // the hub may have some of it, from before this page
  #isOther = false; // than that
  #ways;
  #changed;
  /** @type {[at: number, sent: number][]} */
  #marks = [];

  /**
   * `changed(moved)` is called when it looks different; with `moved` it only came further.
   * @param {Attached} shown
   * @param {Ways} ways
   * @param {(moved: boolean) => void} changed
   */
  constructor(shown, ways, changed) {
    this.shown = shown;
    this.#ways = ways;
    this.#changed = changed;
    this.#found = shown.state === 'lost' || shown.state === 'done';
  }

  get #begun() {
    return this.#upload?.isBegun ?? this.#found;
  }

  get canBeRead() {
    return this.#file !== null;
  }

  get isBusy() {
    return ['waiting', 'preparing', 'sending', 'offline'].includes(this.shown.state);
  }

  /** Ends what it does; a new signal for what comes next. */
  stop() {
    this.#stop.abort();
    this.#stop = new AbortController();
    return this.#stop.signal;
  }

  /** @param {Partial<Attached>} change */
  show(change, moved = false) {
    this.shown = { ...this.shown, ...change };
    this.#changed(moved);
  }

  /**
   * It is sent from this file.
   * @param {File} file
   * @param {string} name
   */
  take(file, name) {
    this.#isOther = this.#begun && name !== this.shown.name;
    this.#file = file;
    this.#prepared = null;
    this.show({ name, type: file.type });
  }

  /**
   * It becomes another upload, from what it was chosen from.
   * @param {string} id
   */
  renew(id) {
    this.forget();
    this.#found = false;
    this.#upload = null;
    this.#isOther = false;
    this.show({ id });
  }

  /** @param {boolean} kept what it says of where and when it was taken */
  decide(kept) {
    this.#prepared = null;
    this.show({ kept, stripped: !kept }); // as it will be, or the question would go while somebody answers it
  }

  wake() {
    this.#upload?.wake();
  }

  /** Makes it ready: what is left out of it is known then, and its size. Says whether the hub has begun another one. */
  async prepare() {
    if (this.#prepared || !this.#file) return false;
    const { signal } = this.#stop;
    this.show({ state: 'preparing' });
    const prepared = await this.#ways.prepare(this.#file, { keep: this.shown.kept }).catch(() => {
      throw new UploadFailure(UNREADABLE);
    });
    if (signal.aborted) return false;
    this.#prepared = prepared;
    const { body, preview, stripped } = prepared;
    const picture = preview ?? (/^image\/(png|jpeg|gif|webp|avif)$/.test(body.type) && body.size < SHOWN ? body : null);
    const isOther = this.#isOther || (this.#begun && body.size !== this.shown.size);
    this.#release();
    const sound = SOUND.test(body.type) ? URL.createObjectURL(body) : '';
    this.show({ size: body.size, stripped, picture: picture ? URL.createObjectURL(picture) : '', sound });
    return isOther;
  }

  /** Brings it to the hub; rejects with an UploadFailure where that takes somebody's decision. */
  async send() {
    const [prepared, { signal }] = [this.#prepared, this.#stop];
    if (!prepared) return;
    const { room, id, name, type } = this.shown;
    const { send, digest } = this.#ways;
    this.show({ state: 'sending', sent: 0, left: 0, why: '' });
    this.#marks = [];
    this.#upload = new Upload({
      address: fileAddress(room, id), body: prepared.body, name, type, begun: this.#begun, send, digest, signal,
      told: (state) => signal.aborted || this.#told(state),
    });
    await this.#upload.run();
    if (prepared.preview) await this.#sendPreview(prepared.preview, signal);
  }

  /** Whether the hub has all of it, as far as it can be asked. */
  async isThere() {
    const { room, id } = this.shown;
    try {
      const { status, header } = await this.#ways.send({ method: 'HEAD', address: fileAddress(room, id) });
      return status === 200 || (status === 204 && header('Upload-Complete') === '?1');
    } catch {
      return false;
    }
  }

  /** The hub need not keep what it has of it; where it is not told, that is gone after a day. */
  forget() {
    const { room, id } = this.shown;
    if (this.#begun) this.#ways.send({ method: 'DELETE', address: fileAddress(room, id) }).catch(() => {});
  }

  /** It is not shown any more. */
  drop() {
    this.stop();
    this.#release();
  }

  #release() {
    for (const address of [this.shown.picture, this.shown.sound]) if (address) URL.revokeObjectURL(address);
  }

  /** @param {{ sent: number, offline: boolean }} state */
  #told({ sent, offline }) {
    const now = Date.now();
    this.#marks = [...this.#marks.filter(([at]) => now - at < LOOK_BACK), [now, sent]];
    const [[began, first]] = this.#marks;
    const speed = (sent - first) / Math.max(now - began, 1);
    if (offline) this.#marks = [];
    const state = offline ? 'offline' : 'sending';
    const left = speed > 0 && now - began > 500 ? (this.shown.size - sent) / speed / 1000 : 0;
    this.show({ state, sent, left }, state === this.shown.state);
  }

  /**
   * @param {Blob} preview
   * @param {AbortSignal} signal
   */
  async #sendPreview(preview, signal) {
    const { room, id } = this.shown;
    const address = fileAddress(room, id, '/preview');
    for (let tries = 0; tries < PREVIEW_TRIES && !signal.aborted; tries += 1) {
      const answer = await this.#ways.send({
        method: 'PUT', address, headers: { 'Content-Type': preview.type }, body: preview, signal,
      }).catch(() => null);
      if (answer && answer.status < 500) return; // a refused one is not missed
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
