/**
 * Events -> messages. Pure, and the order of events does not matter: of two edits, reactions or pins the one with the
 * higher `n` wins, so pages may come in any order and more than once.
 */
/** @import { EditEvent, MarkEvent, Meant, Message, PinEvent, ReactEvent, Reaction, RoomEvent } from './types.d.ts' */
/** @import { RowEvent } from './types.d.ts' */

/** What happened to the room itself: drawn as one quiet sentence each, see `event-text.js`. */
const NOTES = new Set([
  'make', 'topic', 'look', 'title', 'invite', 'remove', 'owner', 'writer', 'archive', 'close', 'slow',
  'keep', 'expire',
]);
const MARKS = new Set(['edit', 'erase', 'react', 'pin']);

/**
 * What later events did to a message.
 * @typedef Marks
 * @property {{ n: number, text: string, to?: Meant }} [edit]
 * @property {boolean} [erased]
 * @property {Map<string, ReactEvent>} [reactions]
 * @property {Map<string, PinEvent>} [pins]
 */

/**
 * Whether an event only says something about an earlier message.
 * @param {RoomEvent} event
 * @returns {event is MarkEvent}
 */
export function isMark(event) {
  return MARKS.has(event.do);
}

export class MessageReducer {
  /** @type {Map<number, RowEvent>} */
  #events = new Map(); // n -> an event with a row of its own
  /** @type {Map<number, Marks>} */
  #marks = new Map(); // n of a message -> what later events did to it
  /** @type {Map<number, Message>} */
  #messages = new Map(); // n -> finished message; a changed message is a new object
  /** @type {Set<string>} */
  #expired = new Set(); // ids of files that events told of

  /**
   * Takes one event; returns the `n` of the message that changed, or 0.
   * @param {RoomEvent} event
   */
  take(event) {
    switch (event.do) {
      case 'edit':
        return this.#keepEdit(event);
      case 'erase':
        this.#mark(event.of).erased = true;
        return this.#changed(event.of);
      case 'pin':
        return this.#keepLatest((this.#mark(event.of).pins ??= new Map()), 'pin', event);
      case 'react': {
        const slot = `${event.text}\n${event.who ?? `name ${event.by}`}`;
        return this.#keepLatest((this.#mark(event.of).reactions ??= new Map()), slot, event);
      }
      case 'vote':
      case 'end':
        return 0; // votes.js counts them
      case 'expire':
        this.#expire(event.ids);
        this.#events.set(event.n, event);
        return this.#changed(event.n);
      default:
        if (event.do !== 'say' && !NOTES.has(event.do)) return 0;
        this.#events.set(event.n, this.#withExpired(event));
        return this.#changed(event.n);
    }
  }

  /**
   * What an event that is not held itself says about those that are.
   * @param {RoomEvent} event
   */
  takeElsewhere(event) {
    if (isMark(event)) this.take(event);
    else if (event.do === 'expire') this.#expire(event.ids);
  }

  /**
   * Whether an event told that the file of this id has expired.
   * @param {string} id
   */
  isExpired(id) {
    return this.#expired.has(id);
  }

  /** How many events with a row of their own are held. */
  get size() {
    return this.#events.size;
  }

  /** @param {number} n */
  message(n) {
    const event = this.#events.get(n);
    if (event && !this.#messages.has(n)) this.#messages.set(n, this.#make(event));
    return this.#messages.get(n);
  }

  /**
   * Forgets an event, not what later events did to it.
   * @param {number} n
   */
  drop(n) {
    this.#events.delete(n);
    this.#messages.delete(n);
  }

  /**
   * The `n` of pinned messages, the latest pin first. `known` are those that the hub told.
   * @param {number[]} known
   */
  pinned(known = []) {
    const found = new Map(known.map((n) => [n, 0]));
    for (const [of, { pins }] of this.#marks) {
      const pin = pins?.get('pin');
      if (pin?.off) found.delete(of);
      else if (pin) found.set(of, pin.n);
    }
    const sorted = [...found].sort((a, b) => b[1] - a[1]).map(([of]) => of);
    return sorted.filter((of) => !this.#marks.get(of)?.erased);
  }

  /** @param {string[]} ids */
  #expire(ids) {
    for (const id of ids) this.#expired.add(id);
    for (const [n, event] of this.#events) {
      const now = this.#withExpired(event);
      if (now === event) continue;
      this.#events.set(n, now);
      this.#changed(n);
    }
  }

  /**
   * The event, or another one where files of it have expired since.
   * @param {RowEvent} event
   * @returns {RowEvent}
   */
  #withExpired(event) {
    const { files } = event;
    if (!files?.some(({ id, expired }) => !expired && this.#expired.has(id))) return event;
    return { ...event, files: files.map((file) => (this.#expired.has(file.id) ? { ...file, expired: true } : file)) };
  }

  /** @param {EditEvent} event */
  #keepEdit({ n, of, text, to }) {
    const mark = this.#mark(of);
    if (n > (mark.edit?.n ?? 0)) mark.edit = { n, text, to };
    return this.#changed(of);
  }

  /**
   * @template {PinEvent | ReactEvent} T
   * @param {Map<string, T>} slots
   * @param {string} slot
   * @param {T} event
   */
  #keepLatest(slots, slot, event) {
    if (event.n > (slots.get(slot)?.n ?? 0)) slots.set(slot, event);
    return this.#changed(event.of);
  }

  /**
   * @param {number} of
   * @returns {Marks}
   */
  #mark(of) {
    const mark = this.#marks.get(of) ?? {};
    this.#marks.set(of, mark);
    return mark;
  }

  /** @param {number} n */
  #changed(n) {
    this.#messages.delete(n);
    return n;
  }

  /**
   * @param {RowEvent} event
   * @returns {Message}
   */
  #make({ poll, files, ...event }) {
    const { edit, erased, reactions, pins } = this.#marks.get(event.n) ?? {};
    const edited = Math.max(Number(event.edited) || 0, edit?.n ?? 0);
    const pin = pins?.get('pin');
    const { text = '', to } = edit?.n === edited ? edit : event;
    const gone = Boolean(erased || event.erased);
    return Object.freeze({
      ...event,
      text: gone ? '' : String(text),
      to: gone ? undefined : to,
      ...(poll && !gone ? { poll } : {}),
      ...(files && !gone ? { files } : {}),
      edited,
      erased: gone,
      pinned: Boolean(pin && !pin.off),
      reactions: tally(reactions),
    });
  }
}

/** @param {Map<string, ReactEvent>} [slots] */
function tally(slots) {
  /** @type {Map<string, Reaction>} */
  const byText = new Map();
  const live = [...(slots?.values() ?? [])].filter((event) => !event.off).sort((a, b) => a.n - b.n);
  for (const { text, who, by } of live) {
    const reaction = byText.get(text) ?? { text, whos: [], names: [] };
    reaction.whos.push(who);
    reaction.names.push(by);
    byText.set(text, reaction);
  }
  return [...byText.values()];
}
