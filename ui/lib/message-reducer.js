/**
 * Events -> messages. Pure, and the order of events does not matter: of two edits, reactions or pins the one with the
 * higher `n` wins, so pages may come in any order and more than once.
 */

/** What happened to the room itself: drawn as one quiet sentence each, see `event-text.js`. */
const NOTES = new Set(['make', 'topic', 'title', 'invite', 'remove', 'owner', 'writer', 'archive', 'close', 'slow']);
const MARKS = new Set(['edit', 'erase', 'react', 'pin']);

/** Whether an event only says something about an earlier message. */
export function isMark({ do: what }) {
  return MARKS.has(what);
}

export class MessageReducer {
  #events = new Map(); // n -> an event with a row of its own
  #marks = new Map(); // n of a message -> what later events did to it
  #messages = new Map(); // n -> finished message; a changed message is a new object

  /** Takes one event; returns the `n` of the message that changed, or 0. */
  take(event) {
    const { n, of } = event;
    switch (event.do) {
      case 'edit':
        if (n > (this.#mark(of).edit?.n ?? 0)) this.#mark(of).edit = { n, text: event.text };
        return this.#changed(of);
      case 'erase':
        this.#mark(of).erased = true;
        return this.#changed(of);
      case 'pin':
        return this.#keepLatest(of, 'pin', event);
      case 'react':
        return this.#keepLatest(of, `${event.text}\n${event.who ?? `name ${event.by}`}`, event);
      default:
        if (event.do !== 'say' && !NOTES.has(event.do)) return 0;
        this.#events.set(n, event);
        return this.#changed(n);
    }
  }

  message(n) {
    if (!this.#messages.has(n) && this.#events.has(n)) this.#messages.set(n, this.#make(n));
    return this.#messages.get(n);
  }

  /** Forgets an event, not what later events did to it. */
  drop(n) {
    this.#events.delete(n);
    this.#messages.delete(n);
  }

  /** The `n` of pinned messages, the latest pin first. `known` are those that the hub told. */
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

  #keepLatest(of, slot, event) {
    const mark = this.#mark(of);
    const slots = slot === 'pin' ? (mark.pins ??= new Map()) : (mark.reactions ??= new Map());
    if (event.n > (slots.get(slot)?.n ?? 0)) slots.set(slot, event);
    return this.#changed(of);
  }

  #mark(of) {
    if (!this.#marks.has(of)) this.#marks.set(of, {});
    return this.#marks.get(of);
  }

  #changed(n) {
    this.#messages.delete(n);
    return n;
  }

  #make(n) {
    const event = this.#events.get(n);
    const { edit, erased, reactions, pins } = this.#marks.get(n) ?? {};
    const edited = Math.max(Number(event.edited) || 0, edit?.n ?? 0);
    const pin = pins?.get('pin');
    return Object.freeze({
      ...event,
      text: erased || event.erased ? '' : edit && edit.n === edited ? edit.text : String(event.text ?? ''),
      edited,
      erased: Boolean(erased || event.erased),
      pinned: Boolean(pin && !pin.off),
      reactions: tally(reactions),
    });
  }
}

function tally(slots) {
  const byText = new Map();
  const live = [...(slots?.values() ?? [])].filter((event) => !event.off).sort((a, b) => a.n - b.n);
  for (const { text, who, by } of live) {
    if (!byText.has(text)) byText.set(text, { text, whos: [], names: [] });
    byText.get(text).whos.push(who);
    byText.get(text).names.push(by);
  }
  return [...byText.values()];
}
