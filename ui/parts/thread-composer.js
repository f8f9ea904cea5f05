/** Where answers are written in a thread: to its message, or to one of its answers. */
import { store } from '../lib/store.js';
import { HearthComposer } from './composer.js';
/** @import { Thread } from '../lib/thread.js' */
/** @import { Message, OutboxEntry, RoomInfo } from '../lib/types.d.ts' */
/** @import { Actions } from './types.d.ts' */

export class HearthThreadComposer extends HearthComposer {
  /** @type {Thread | null} */
  thread = null;
  /** @type {(n: number) => Message | undefined} */
  message = () => undefined;
  #hadBox = false;

  get place() {
    return this.thread ? `${this.thread.room} thread ${this.thread.n}` : '';
  }

  get lastOwn() {
    const { n = 0, below = [] } = this.thread ?? {};
    const newestFirst = [...below].reverse().concat(n).flatMap((each) => this.message(each) ?? []);
    return (store.me && store.room?.lastOf(store.me.who, newestFirst)) ?? null;
  }

  labels() {
    return { form: 'Reply in thread', box: 'Reply in thread', button: 'Send reply', hint: 'Reply in thread' };
  }

  /** @param {RoomInfo} info */
  closed(info) {
    const gone = !this.re && this.message(this.thread?.n ?? 0)?.erased;
    return super.closed(info) || (gone ? 'This message was removed: nothing more is said about it.' : '');
  }

  // Where nothing can be written any more, the keys still go to the thread.
  drawn() {
    super.drawn();
    const lost = this.#hadBox && !this.box && document.activeElement === document.body;
    this.#hadBox = Boolean(this.box);
    if (lost) this.parentElement?.querySelector('h2')?.focus();
  }

  /** @param {Actions['say']} said */
  say(said) {
    super.say({ ...said, re: said.re ?? this.thread?.n, aside: true });
  }

  /** @param {Message | null} message */
  reply(message) {
    super.reply(message?.n === this.thread?.n ? null : message);
  }

  /** @param {OutboxEntry} entry */
  takeBack(entry) {
    super.takeBack(entry.re === this.thread?.n ? { ...entry, re: undefined } : entry);
  }
}

customElements.define('hearth-thread-composer', HearthThreadComposer);
