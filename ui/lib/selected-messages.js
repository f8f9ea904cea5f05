/** Messages that were selected to do something with all of them. Pure. */
import { full } from './time.js';
/** @import { Me, Message } from './types.d.ts' */

export const MOST_SELECTED = 100;

export class SelectedMessages {
  /** @type {Map<number, Message>} */
  #all = new Map(); // by n

  get size() {
    return this.#all.size;
  }

  /** In the order in which they were said. */
  get messages() {
    return [...this.#all.values()].sort((a, b) => a.n - b.n);
  }

  /** @param {number} n */
  has(n) {
    return this.#all.has(n);
  }

  clear() {
    this.#all.clear();
  }

  /**
   * Adds those for which there is room; says whether these are all.
   * @param {Message[]} messages
   */
  add(messages) {
    const fresh = messages.filter(({ n }) => !this.#all.has(n));
    const free = MOST_SELECTED - this.#all.size;
    for (const message of fresh.slice(0, free)) this.#all.set(message.n, message);
    return fresh.length <= free;
  }

  /** @param {number} n */
  remove(n) {
    this.#all.delete(n);
  }

  /**
   * Takes messages as they are by now, and drops those that are gone. Those that are not held any more stay as they
   * were; says whether one was dropped.
   * @param {(n: number) => Message | undefined} find
   * @param {(message: Message) => boolean} isGone
   */
  refresh(find, isGone) {
    const before = this.#all.size;
    for (const n of this.#all.keys()) {
      const message = find(n);
      if (message && isGone(message)) this.#all.delete(n);
      else if (message) this.#all.set(n, message);
    }
    return this.#all.size < before;
  }
}

/**
 * Messages as text, each with its time and author, and with the names of its files.
 * @param {Message[]} messages
 */
export function messagesAsText(messages) {
  return messages.map(({ at, by, text, files = [] }) => {
    const said = [text, ...files.map(({ name }) => name)].filter(Boolean);
    return `[${full(at)}] ${by}: ${said.join('\n')}`;
  }).join('\n');
}

/**
 * Those that this person may remove: their own ones, and a host all of them.
 * @param {Message[]} messages
 * @param {Me | null} me
 */
export function removableBy(messages, me) {
  return messages.filter(({ who }) => me?.host || (Boolean(who) && who === me?.who));
}

/**
 * What is asked before messages are removed and `kept` more are not, as they are others'.
 * @param {Message[]} removed
 * @param {number} kept
 */
export function removalQuestion(removed, kept) {
  const one = removed.length === 1;
  const messages = one ? '1 message' : `${removed.length} messages`;
  const hasFiles = removed.some(({ files }) => files);
  const what = hasFiles ? [one ? 'Its text and files are' : 'Their texts and files are', 'disk']
    : [one ? 'Its text is' : 'Their texts are', 'file'];
  const others = kept === 1 ? ' 1 more is by somebody else and stays.' : ` ${kept} more are by others and stay.`;
  const text = `${what[0]} deleted for everybody, also from the ${what[1]}. For a few seconds that can be undone.`;
  return { title: `Remove ${messages}?`, text: kept ? text + others : text, yes: 'Remove' };
}
