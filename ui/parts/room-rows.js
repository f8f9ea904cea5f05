/** The rows of a room's messages, worked out once for all the frames in which they are drawn. */
import { store } from '../lib/store.js';
import { raise } from './raise.js';
/** @import { Room } from '../lib/room.js' */
/** @import { Message, Row } from '../lib/types.d.ts' */

export class RoomRows {
  #list;
  /** @type {Row[] | null} */
  #rows = null;

  /**
   * `list` is the part in whose name is asked for what is not there yet.
   * @param {HTMLElement} list
   */
  constructor(list) {
    this.#list = list;
  }

  /** Nothing has changed since they were worked out. */
  get areCurrent() {
    return this.#rows !== null;
  }

  /** Something has changed: they are worked out anew when they are needed next. */
  forget() {
    this.#rows = null;
  }

  /**
   * `isFolded(message)`: whether it folds to one row with those beside it.
   * @param {Room} room
   * @param {(message: Message) => boolean} isFolded
   */
  of(room, isFolded) {
    this.#rows ??= this.#complete(room, isFolded);
    return this.#rows;
  }

  // With what the page knows of messages besides their events.
  /**
   * @param {Room} room
   * @param {(message: Message) => boolean} isFolded
   */
  #complete(room, isFolded) {
    const rows = room.rows(store.outgoing(), store.me?.who ?? '', store.roomInfo(room.name), isFolded);
    for (const row of rows) {
      if (row.kind !== 'message' && row.kind !== 'pending') continue;
      const { re } = row.kind === 'message' ? row.message : row.entry;
      if (re && !row.quote) raise(this.#list, 'need-quote', { n: re });
      if (row.kind !== 'message') continue;
      if (row.message.poll) raise(this.#list, 'need-poll');
      Object.assign(row, { removing: store.isRemoving(room.name, row.n), replies: room.replies.of(row.n) });
    }
    return rows;
  }
}
