/**
 * The rows of a message list, in order: days, gaps, the "new" divider, messages, and what is still being sent. Pure.
 */
import { day } from './time.js';
/** @import { Grouped, Message, OutboxEntry, Quote, RoomInfo, Row, RowContent } from './types.d.ts' */

const GROUPED = 5 * 60 * 1000; // ms: messages closer than this by one person form one group
/** @type {Partial<Record<Row['kind'], number>>} */
const UNSETTLED = { day: 0, message: 1, muted: 2 }; // of what looks otherwise once earlier rows are there, 2 at most

/**
 * `order`: the `n` of all events held, ascending; `message(n)`: the message or undefined;
 * `divider`: the "new" line stands after this `n` (0: none); `start`: the first event of the room is held;
 * `info`: {kind, title} of the room; `muted(message)`: whether it folds to one row with the muted ones beside it.
 * @param {{
 *   order: number[], message: (n: number) => Message | undefined, quote: (n: number) => Quote | null,
 *   divider?: number, start?: boolean, pending?: OutboxEntry[], me?: string, info?: Partial<RoomInfo>,
 *   muted?: (message: Message) => boolean,
 * }} room
 * @returns {Row[]}
 */
export function timeline({
  order, message, quote, divider = 0, start = false, pending = [], me = '', info = {}, muted = () => false,
}) {
  const [first = 1] = order;
  const isNew = (/** @type {Message} */ item) => divider > 0 && item.n > divider && first <= divider + 1;
  const rows = new Rows({ before: start ? 0 : first - 1, isNew, quote, me, muted });
  rows.separate(start
    ? { id: 'start', kind: 'start', empty: !pending.length && !order.some((n) => message(n)?.do === 'say'), info }
    : { id: 'earlier', kind: 'earlier' });
  for (const n of order) {
    rows.skipTo(n);
    const item = message(n);
    if (item) rows.add(item);
  }
  for (const entry of pending) rows.addPending(entry);
  return rows.list;
}

/** Rows as they are made, one after another. */
class Rows {
  /** @type {Row[]} */
  list = [];
  /** @type {Grouped | null} */
  #last = null; // the message above, while the next one may continue its group
  #continued = false; // that one continues a group
  #day = '';
  #before; // the `n` of the event above
  #divided = false;
  #isNew;
  #quote;
  #me;
  #muted;

  /**
   * `isNew(message)`: whether it stands below the divider.
   * @param {{
   *   before: number, isNew: (item: Message) => boolean, quote: (n: number) => Quote | null, me: string,
   *   muted: (message: Message) => boolean,
   * }} options
   */
  constructor({ before, isNew, quote, me, muted }) {
    this.#before = before;
    this.#isNew = isNew;
    this.#quote = quote;
    this.#me = me;
    this.#muted = muted;
  }

  /**
   * Adds a row that is no message, and that ends the group above it.
   * @param {Row} row
   */
  separate(row) {
    this.list.push(row);
    this.#last = null;
  }

  /**
   * The next event is `n`.
   * @param {number} n
   */
  skipTo(n) {
    if (n > this.#before + 1) this.separate({ id: `gap${n}`, kind: 'gap', count: n - this.#before - 1 });
    this.#before = n;
  }

  /** @param {Message} item */
  add(item) {
    const { n, at } = item;
    if (day(at) !== this.#day) this.separate({ id: `day${day(at)}.${n}`, kind: 'day', at });
    this.#day = day(at);
    const mine = Boolean(this.#me) && item.who === this.#me;
    if (item.do !== 'say') {
      this.separate({ id: `note${n}`, kind: 'note', n, message: item });
    } else if (!mine && this.#muted(item)) {
      this.#foldMuted(item);
    } else {
      if (!mine && !this.#divided && this.#isNew(item)) this.#divide();
      this.list.push({ id: `n${n}`, kind: 'message', n, message: item, ...this.#group(item) });
    }
  }

  /** @param {OutboxEntry} entry */
  addPending(entry) {
    const { key, by, at, re } = entry;
    this.list.push({ id: `key${key}`, kind: 'pending', entry, ...this.#group({ by, who: this.#me, at, re }) });
  }

  #divide() {
    this.#divided = true;
    this.separate({ id: 'new', kind: 'new' });
  }

  /**
   * Whether a message continues the group above, whether it stands apart from one of several, and what it quotes.
   * @param {Grouped} item
   */
  #group(item) {
    const more = continues(this.#last, item);
    const apart = !more && this.#last !== null && this.#continued;
    [this.#last, this.#continued] = [item, more];
    return { more, apart, quote: item.re ? this.#quote(item.re) : null };
  }

  /**
   * One row for consecutive messages by the same muted person.
   * @param {Message} message
   */
  #foldMuted({ n, by, who }) {
    const above = this.list[this.list.length - 1];
    if (above.kind === 'muted' && above.who === who && above.by === by) {
      above.all.push(n);
      above.count += 1;
    } else {
      this.separate({ id: `muted${n}`, kind: 'muted', all: [n], count: 1, by, who });
    }
  }
}

/**
 * The rows without the first ones where earlier ones are still to be loaded: two messages or those of one muted person,
 * and the days beside them. Their day, their group, and whether the next group stands apart are known only then. What
 * is drawn already stays.
 * @param {Row[]} rows
 * @param {(row: Row) => boolean} isDrawn
 */
export function settledRows(rows, isDrawn) {
  if (rows[0]?.kind !== 'earlier') return rows;
  let at = 1;
  for (let left = 2; left > 0 && at < rows.length && !isDrawn(rows[at]); at += 1) {
    const counts = UNSETTLED[rows[at].kind];
    if (counts === undefined) break;
    left -= counts;
  }
  return [rows[0], ...rows.slice(at)];
}

/**
 * Whether a row that is drawn still shows what `row` says.
 * @param {RowContent} drawn
 * @param {RowContent} row
 */
export function sameRow(drawn, row) {
  return drawn.kind === row.kind && drawn.message === row.message && drawn.entry === row.entry
    && drawn.more === row.more && drawn.apart === row.apart && drawn.quote === row.quote
    && drawn.count === row.count && drawn.empty === row.empty
    && drawn.removing === row.removing && drawn.replies === row.replies
    && sameInfo(drawn.info, row.info);
}

/**
 * @param {Partial<RoomInfo>} [drawn]
 * @param {Partial<RoomInfo>} [info]
 */
function sameInfo(drawn, info) {
  const shown = /** @type {const} */ (['title', 'kind', 'topic', 'owner', 'may_write', 'archived']);
  return shown.every((member) => drawn?.[member] === info?.[member]);
}

/**
 * @param {Grouped | null} last
 * @param {Grouped} item
 */
function continues(last, item) {
  return Boolean(last && !item.re && last.who === item.who && last.by === item.by && last.bot === item.bot
    && Date.parse(item.at) - Date.parse(last.at) < GROUPED);
}
