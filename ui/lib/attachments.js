/**
 * The files of drafts and of messages that wait for them: they are sent at once, and the message once all are there.
 * After a reload this page cannot read them any more; what the hub has by then is not lost.
 */
import { AttachedFile } from './attached-file.js';
import { fileDigest } from './file-digest.js';
import { sendFile } from './file-transport.js';
import { prepareFile } from './prepare-file.js';
import { newKey } from './random-key.js';
import { UploadFailure } from './upload.js';
import { UploadQueue } from './upload-queue.js';
import { MOST_FILES, chosenName, tooMany } from './upload-text.js';
/** @import { Outbox } from './outbox.js' */
/** @import { Store } from './store.js' */
/** @import { Attached, Memory, UnsentFile } from './types.d.ts' */
/** @typedef {import('./attached-file.js').Ways} Ways */
/** @typedef {UnsentFile & { room: string, place: string }} Kept a file of a draft, in the memory of the tab */

const AT_ONCE = 2;
const PUBLISHED = 200; // ms at least between two drawings of how far files came
const PICTURE = /^image\/(jpeg|png|webp)$/; // what may say where and when it was taken
const FORGOTTEN = 1000; // ms after which what belongs to no message any more is dropped
/** @type {Ways} */
const WAYS = { send: sendFile, digest: fileDigest, prepare: prepareFile };

export class Attachments {
  #store;
  #outbox;
  #memory;
  #ways;
  #queue = new UploadQueue(AT_ONCE);
  /** @type {AttachedFile[]} */
  #files = [];
  #who = ''; // whose files these are
  #published = 0; // when it was drawn last how far they came
  #later = 0; // the timer of the next drawing
  #timer = 0;

  /** @param {{ store: Store, outbox: Outbox, memory: Memory, ways?: Ways }} parts */
  constructor({ store, outbox, memory, ways = WAYS }) {
    this.#store = store;
    this.#outbox = outbox;
    this.#memory = memory;
    this.#ways = ways;
    store.watch(['session'], () => this.#isOf(store.me?.who ?? ''));
    store.watch(['connection'], () => /live|polling/.test(store.connection) && this.#wake());
    addEventListener('online', () => this.#wake());
    outbox.addEventListener('change', () => this.#claim());
    this.#isOf(store.me?.who ?? '');
  }

  /**
   * Adds files to the draft of that place in a room, as many as a message takes; the reader is told of the others.
   * @param {{ files: File[], place: string, room: string }} chosen
   */
  add({ files, place, room }) {
    const space = MOST_FILES - this.#store.attachedTo(place).length;
    if (files.length > space) this.#store.notify(tooMany(files.length - space));
    const keeps = this.#files.some(({ shown }) => shown.place === place && shown.kept);
    for (const file of files.slice(0, Math.max(space, 0))) {
      const { size, type } = file;
      const added = this.#newFile({ id: newKey(), room, place, name: '', size, type, state: 'waiting' });
      added.take(file, chosenName(file));
      if (keeps && PICTURE.test(type)) added.decide(true);
      this.#begin(added);
    }
    this.#publish();
  }

  /**
   * Tries a file once more; `chosen` is the one that somebody chose again.
   * @param {string} id
   * @param {File} [chosen]
   */
  again(id, chosen) {
    const file = this.#of(id);
    if (chosen) file?.take(chosen, chosenName(chosen));
    if (file?.canBeRead) this.#begin(file);
  }

  /**
   * Whether pictures of a draft go with what they say of where and when they were taken.
   * @param {string} place
   * @param {boolean} keep
   */
  keep(place, keep) {
    for (const file of this.#files) {
      const { shown } = file;
      if (shown.place !== place || !(keep ? mayLack(shown) : shown.kept)) continue;
      file.renew(newKey());
      file.decide(keep);
      if (shown.state !== 'lost') this.#begin(file);
    }
  }

  /**
   * Drops files, from their message too.
   * @param {string[]} ids
   */
  cancel(ids) {
    const files = this.#files.filter(({ shown }) => ids.includes(shown.id));
    for (const file of files) {
      file.drop();
      file.forget();
    }
    this.#files = this.#files.filter((file) => !files.includes(file));
    for (const id of ids) this.#outbox.changeFile(id, () => null);
    this.#publish();
  }

  /**
   * The files of a message that is written anew.
   * @param {UnsentFile[]} files
   * @param {string} place its draft
   */
  takeBack(files, place) {
    for (const { id } of files) this.#of(id)?.show({ place });
    this.#publish();
  }

  /**
   * Sends a file when its turn has come.
   * @param {AttachedFile} file
   */
  #begin(file) {
    const signal = file.stop();
    file.show({ state: 'waiting', sent: 0, left: 0, why: '' });
    this.#queue.add(() => this.#bring(file, signal), signal);
  }

  /**
   * @param {AttachedFile} file
   * @param {AbortSignal} signal
   */
  async #bring(file, signal) {
    try {
      if (await file.prepare()) this.#isOther(file);
      if (signal.aborted) return;
      await file.send();
      if (!signal.aborted) this.#isThere(file);
    } catch (error) {
      const state = error.code === 'unreadable' ? 'lost' : 'failed';
      if (!signal.aborted) file.show({ state, why: error.message });
      if (!signal.aborted && !(error instanceof UploadFailure)) throw error;
    }
  }

  /**
   * Another file was chosen than the one of before: the message that waits for that waits for this.
   * @param {AttachedFile} file
   */
  #isOther(file) {
    const { id: before, name, size, type } = file.shown;
    const id = newKey();
    file.renew(id);
    this.#outbox.changeFile(before, () => ({ id, name, size, type, done: false }));
  }

  /** @param {AttachedFile} file */
  #isThere(file) {
    const { id, size } = file.shown;
    file.show({ state: 'done', sent: size, left: 0 });
    this.#outbox.changeFile(id, (unsent) => ({ ...unsent, size, done: true }));
  }

  /**
   * The hub may have a file that this page cannot read.
   * @param {AttachedFile} file
   */
  async #find(file) {
    const signal = file.stop();
    file.show({ state: 'lost' });
    if (await file.isThere() && !signal.aborted) this.#isThere(file);
  }

  // Files go from the draft to the message that was sent off with them, and are forgotten once that is saved.
  #claim() {
    const claimed = new Set();
    for (const { room, state, files = [] } of this.#outbox.entries()) {
      for (const { done, ...unsent } of files) {
        claimed.add(unsent.id);
        const file = this.#of(unsent.id);
        if (!file) this.#restore({ ...unsent, room, place: '', done });
        else if (file.shown.place) file.show({ place: '' });
        else if (!done && file.shown.state === 'done' && state === 'sending') this.#bringBack(file);
      }
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keepOnly(claimed), FORGOTTEN);
  }

  // The hub had a file, and does not any more: too much time has passed.
  /** @param {AttachedFile} file */
  #bringBack(file) {
    if (file.canBeRead) this.#begin(file);
    else this.#find(file);
  }

  /** @param {Kept} kept */
  #restore({ done, ...given }) {
    const file = this.#newFile({ ...given, state: done ? 'done' : 'lost' });
    if (!done) this.#find(file);
  }

  /** @param {Set<string>} claimed */
  #keepOnly(claimed) {
    const gone = this.#files.filter(({ shown }) => !shown.place && !claimed.has(shown.id));
    if (!gone.length) return;
    for (const file of gone) file.drop();
    this.#files = this.#files.filter((file) => !gone.includes(file));
    this.#publish();
  }

  /** @param {string} who somebody else, or nobody yet */
  #isOf(who) {
    if (who === this.#who) return;
    for (const file of this.#files) file.drop();
    this.#files = [];
    const before = this.#who;
    this.#who = who;
    const kept = this.#memory.get('files', { who: '', files: /** @type {Kept[]} */ ([]) });
    if (!before && kept.who === who) kept.files.forEach((file) => this.#restore(file));
    this.#claim();
    this.#publish();
  }

  /** @param {Pick<Attached, 'id' | 'room' | 'place' | 'name' | 'size' | 'type' | 'state'>} given */
  #newFile(given) {
    const nothing = { left: 0, why: '', picture: '', sound: '', stripped: false, kept: false };
    const shown = { ...given, ...nothing, sent: given.state === 'done' ? given.size : 0 };
    const file = new AttachedFile(shown, this.#ways, (moved) => this.#publish(moved));
    this.#files = [...this.#files, file];
    return file;
  }

  /** @param {string} id */
  #of(id) {
    return this.#files.find(({ shown }) => shown.id === id);
  }

  #wake() {
    for (const file of this.#files) file.wake();
  }

  #publish(moved = false) {
    if (moved && Date.now() - this.#published < PUBLISHED) {
      this.#later ||= setTimeout(() => this.#publish(true), PUBLISHED);
      return;
    }
    clearTimeout(this.#later);
    this.#later = 0;
    this.#published = Date.now();
    const shown = this.#files.map((file) => file.shown);
    this.#store.setAttached(shown, moved);
    if (moved) return;
    const kept = shown.filter(({ place }) => place).map(({ id, room, place, name, size, type, state }) => ({
      id, room, place, name, size, type, done: state === 'done',
    }));
    this.#memory.set('files', kept.length ? { who: this.#who, files: kept } : undefined);
    this.#warn(this.#files.some(({ isBusy }) => isBusy));
  }

  /** @param {boolean} on whether leaving the page would end something */
  #warn(on) {
    if (on) addEventListener('beforeunload', stay);
    else removeEventListener('beforeunload', stay);
  }
}

/**
 * Whether a file goes without something that it says, as far as is known before it is read.
 * @param {Attached} file
 */
function mayLack({ type, state, stripped, kept }) {
  return stripped || (!kept && PICTURE.test(type) && (state === 'waiting' || state === 'preparing'));
}

/** @param {BeforeUnloadEvent} event */
function stay(event) {
  event.preventDefault();
  event.returnValue = true;
}
