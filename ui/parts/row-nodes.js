/** The nodes of the message list, updated incrementally by the ids of their rows. */
import { nearestRows } from '../lib/nearest-rows.js';
import { sameRow, settledRows } from '../lib/timeline.js';
import { replaceRow } from './file-boxes.js';
import { drawRow } from './message-row.js';
import { place, rowBelow, takeOut } from './row-chunks.js';
import { keepRevealed } from './text-buttons.js';
/** @import { Row } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

const FIRST = 10; // rows that are drawn at once where none were
const PIECE = 15; // rows that each frame after that may add
const READING = 2; // beside what somebody reads: to whom scrolls, a late frame is a jolt
const FAST = 4; // the same, where the last ones took next to no time
const TOP = 100; // px that a day, a name and the space above them take
const AT_TOP = 5; // rows that take more than that
const SHARE = 10; // ms: fewer of them where they take longer; the rest of such a frame takes twice as long
const SHORT = 4; // ms, next to no time
const MAKING = 5; // ms of a frame in which nodes are prepared
const LATE = 12; // ms of a frame that are gone: no rows, and no two such frames on end

export class RowNodes {
  #list;
  /** @type {Map<string, RowNode>} */
  #nodes = new Map(); // id -> node
  /** @type {Map<string, RowNode | null>} */
  #prepared = new Map(); // id -> node that the next put() may show; null where it must be made anew
  #affordable = READING; // rows that take no longer, as the last ones did
  #areFarGone = false; // rows far from the reader were given up, and are to be taken out
  #added = 0; // rows that the last put() added
  #hasWaited = false; // for a frame that is less late

  /**
   * `list` is the element that holds the nodes.
   * @param {HTMLElement} list
   */
  constructor(list) {
    this.#list = list;
  }

  /** @param {string} id */
  get(id) {
    return this.#nodes.get(id);
  }

  /**
   * Those of the rows that are to be put in this frame: around the first of the ids in `around` that is among them, or
   * else up to what is there already; `most` of them are not there yet.
   * @param {Row[]} rows
   * @param {{ around: (string | undefined)[], most?: number }} place
   */
  nearest(rows, { around, most = PIECE }) {
    const isDrawn = (/** @type {Row} */ { id }) => this.#nodes.has(id);
    const from = around.map((id) => rows.findIndex((row) => row.id === id)).find((at) => at >= 0);
    const end = rows.reduce((after, row, at) => (isDrawn(row) ? at + 1 : after), 0) || rows.length;
    return nearestRows(rows, { isDrawn, from: from ?? end, most: this.#nodes.size ? most : FIRST });
  }

  /**
   * Those of the rows that are not drawn anew where earlier ones come, and those that are there already.
   * @param {Row[]} rows
   */
  settled(rows) {
    return settledRows(rows, ({ id }) => this.#nodes.has(id));
  }

  /**
   * How many rows a frame may add beside what somebody reads in `box`. None where others go, and at its top as many as
   * keep the place of those below, where a day and a name go.
   * @param {HTMLElement} box
   */
  most(box) {
    if (this.#areFarGone) return 0;
    if (box.scrollTop >= TOP) return this.#affordable;
    const first = /** @type {RowNode | null} */ (rowBelow(this.#list, this.get('earlier') ?? null));
    return first?.row.kind === 'day' ? AT_TOP : READING;
  }

  /** Rows far from the reader were given up: they are taken out with the next `put`. */
  giveUpFar() {
    this.#areFarGone = true;
  }

  /**
   * Told how long it took until what the last `put` added had its place.
   * @param {number} took
   */
  timed(took) {
    if (!this.#added) return;
    const most = took < SHORT ? FAST : READING;
    if (took > SHARE) this.#affordable = Math.max(1, Math.min(this.#affordable, this.#added) - 1);
    else if (this.#added === this.#affordable) this.#affordable = Math.min(most, this.#affordable + 1);
  }

  /**
   * Whether these rows are to be put in a later frame: this one is `late` ms late already, or has made nodes for those
   * that are not there yet, which takes its time. It goes on until some time after `began`, when it began to draw.
   * @param {Row[]} rows
   * @param {RowContext} context
   * @param {number} began
   * @param {number} late
   */
  prepare(rows, context, began, late) {
    const fresh = rows.filter(({ id }) => !this.#nodes.has(id));
    this.#hasWaited = late > LATE && !this.#hasWaited && (fresh.length > 0 || this.#areFarGone);
    if (this.#hasWaited) return true;
    const missing = fresh.filter(({ id }) => !this.#prepared.has(id));
    for (const row of missing) {
      this.#prepared.set(row.id, drawRow(row, context));
      if (performance.now() - began > MAKING) break;
    }
    return missing.length > 0;
  }

  /** What is prepared may say what no longer holds: the next `put` makes it anew, and does not wait for it again. */
  forgetPrepared() {
    for (const id of this.#prepared.keys()) this.#prepared.set(id, null);
  }

  /**
   * Shows these rows in this order. `context`: see `drawRow`; `onFocusLost()` is called before a focused row goes.
   * @param {Row[]} rows
   * @param {RowContext} context
   * @param {() => void} onFocusLost
   */
  put(rows, context, onFocusLost) {
    this.#remove(new Set(rows.map(({ id }) => id)), onFocusLost);
    this.#added = 0;
    this.#areFarGone = false;
    /** @type {RowNode | null} */
    let above = null;
    for (const row of rows) {
      let node = this.#nodes.get(row.id);
      if (!node) {
        const prepared = this.#prepared.get(row.id);
        node = prepared && sameRow(prepared.row, row) ? prepared : drawRow(row, context);
        this.#added += 1;
      } else if (!sameRow(node.row, row)) {
        node = redraw(node, row, context);
      }
      this.#nodes.set(row.id, node);
      if (node !== rowBelow(this.#list, above)) place(this.#list, node, above);
      above = node;
    }
    this.#prepared.clear();
  }

  /**
   * The topmost message below `edge` that is among `rows`: its id, and where its text stands; null where none is.
   * @param {Row[]} rows
   * @param {number} edge
   */
  topmost(rows, edge) {
    const stays = new Set(rows.map(({ id }) => id));
    const isBelow = (/** @type {Element} */ node) => node.getBoundingClientRect().bottom > edge;
    for (const chunk of this.#list.children) {
      if (!isBelow(chunk)) continue;
      for (const node of rowsOf(chunk)) {
        const visible = node.dataset.n && stays.has(node.row.id) && isBelow(node);
        if (visible) return { id: node.row.id, top: textTop(node) };
      }
    }
    return null;
  }

  /**
   * The rows that are left behind by whoever is heading for `older` or `newer` ones, wholly below or above these edges:
   * how many they are, and the `n` of the one beside them that is not; 0 where that has none.
   * @param {'older' | 'newer'} heading
   * @param {{ top: number, bottom: number }} edges
   */
  behind(heading, { top, bottom }) {
    const isOlder = heading === 'older';
    const isPast = (/** @type {Element} */ chunk) => {
      const edges = chunk.getBoundingClientRect();
      return isOlder ? edges.top > bottom : edges.bottom < top;
    };
    let chunk = isOlder ? this.#list.lastElementChild : this.#list.firstElementChild;
    let count = 0;
    for (; chunk && isPast(chunk); chunk = isOlder ? chunk.previousElementSibling : chunk.nextElementSibling) {
      count += chunk.childElementCount;
    }
    const nodes = chunk ? rowsOf(chunk) : [];
    const numbers = nodes.flatMap(({ row }) => (row.kind === 'muted' ? row.all : row.message?.n ?? []));
    return { count, n: (isOlder ? numbers.pop() : numbers[0]) ?? 0 };
  }

  /** Draws the rows that quote something anew with the next `put`. */
  forgetQuotes() {
    for (const node of this.#nodes.values()) if (node.row.quote) node.row.quote = undefined;
    this.forgetPrepared();
  }

  /**
   * @param {Set<string>} wanted
   * @param {() => void} onFocusLost
   */
  #remove(wanted, onFocusLost) {
    for (const chunk of [...this.#list.children]) {
      const gone = rowsOf(chunk).filter(({ row }) => !wanted.has(row.id));
      if (gone.some((node) => node.contains(document.activeElement))) onFocusLost();
      for (const { row } of gone) this.#nodes.delete(row.id);
      takeOut(gone, chunk);
    }
  }
}

/**
 * @param {Element} chunk
 * @returns {RowNode[]}
 */
function rowsOf(chunk) {
  return [.../** @type {HTMLCollectionOf<RowNode>} */ (chunk.children)];
}

/**
 * Where a row's text stands. Not the row's own edge: the first of the rows held has its author above the text until the
 * earlier ones are there.
 * @param {HTMLElement} node
 */
export function textTop(node) {
  return (node.querySelector('.text, .removed, hearth-files') ?? node).getBoundingClientRect().top;
}

/**
 * @param {RowNode} node
 * @param {Row} row
 * @param {RowContext} context
 */
function redraw(node, row, context) {
  const fresh = drawRow(row, context);
  const text = 'message' in row ? row.message.text : undefined;
  const same = node.row.message?.text === text;
  if (same) keepRevealed(node, fresh);
  const readOut = row.kind !== 'pending' && same;
  if (readOut) fresh.setAttribute('aria-live', 'off');
  const focused = node.contains(document.activeElement);
  replaceRow(node, fresh, 'message' in row && node.row.message?.files === row.message.files);
  if (focused && !fresh.contains(document.activeElement)) fresh.focus({ preventScroll: true });
  return fresh;
}
