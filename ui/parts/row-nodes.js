/** The nodes of the message list, updated incrementally by the ids of their rows. */
import { nearestRows } from '../lib/nearest-rows.js';
import { sameRow } from '../lib/timeline.js';
import { replaceRow } from './file-boxes.js';
import { drawRow } from './message-row.js';
import { place, rowBelow, takeOut } from './row-chunks.js';
import { keepRevealed } from './text-buttons.js';
/** @import { Row } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

const FIRST = 10; // rows that are drawn at once where none were
const PIECE = 15; // rows that each frame after that may add
const SCROLLED = 5; // while somebody scrolls, to whom a late frame is a jolt
const SHARE = 10; // ms: fewer of them where they take longer

export class RowNodes {
  #list;
  /** @type {Map<string, RowNode>} */
  #nodes = new Map(); // id -> node
  #affordable = SCROLLED; // rows that take no longer, as the last ones did
  #added = 0; // rows that the last put() added

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
   * else up to what is there already. `scrolls`: they come out of sight, beside what somebody reads.
   * @param {Row[]} rows
   * @param {{ around: (string | undefined)[], scrolls: boolean }} place
   */
  nearest(rows, { around, scrolls }) {
    const isDrawn = (/** @type {Row} */ { id }) => this.#nodes.has(id);
    const from = around.map((id) => rows.findIndex((row) => row.id === id)).find((at) => at >= 0);
    const end = rows.reduce((after, row, at) => (isDrawn(row) ? at + 1 : after), 0) || rows.length;
    const most = !this.#nodes.size ? FIRST : scrolls ? this.#affordable : PIECE;
    return nearestRows(rows, { isDrawn, from: from ?? end, most });
  }

  /**
   * Told how long it took until what the last `put` added had its place.
   * @param {number} took
   */
  timed(took) {
    if (took > SHARE) this.#affordable = Math.max(1, Math.min(this.#affordable, this.#added) - 1);
    else if (this.#added === this.#affordable) this.#affordable = Math.min(SCROLLED, this.#affordable + 1);
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
    /** @type {RowNode | null} */
    let above = null;
    for (const row of rows) {
      let node = this.#nodes.get(row.id);
      if (!node) {
        node = drawRow(row, context);
        this.#added += 1;
      } else if (!sameRow(node.row, row)) {
        node = redraw(node, row, context);
      }
      this.#nodes.set(row.id, node);
      if (node !== rowBelow(this.#list, above)) place(this.#list, node, above);
      above = node;
    }
  }

  /**
   * The topmost message below `edge` that is among `rows`: its id, and where its text stands; null where none is.
   * @param {Row[]} rows
   * @param {number} edge
   */
  topmost(rows, edge) {
    const stays = new Set(rows.map(({ id }) => id));
    const isBelow = (/** @type {Element} */ node) => node.getBoundingClientRect().bottom > edge;
    for (const chunk of [...this.#list.children].filter(isBelow)) {
      for (const node of /** @type {HTMLCollectionOf<RowNode>} */ (chunk.children)) {
        const visible = node.dataset.n && stays.has(node.row.id) && isBelow(node);
        if (visible) return { id: node.row.id, top: textTop(node) };
      }
    }
    return null;
  }

  /** Draws the rows that quote something anew with the next `put`. */
  forgetQuotes() {
    for (const node of this.#nodes.values()) if (node.row.quote) node.row.quote = undefined;
  }

  /**
   * @param {Set<string>} wanted
   * @param {() => void} onFocusLost
   */
  #remove(wanted, onFocusLost) {
    for (const [id, node] of this.#nodes) {
      if (wanted.has(id)) continue;
      if (node.contains(document.activeElement)) onFocusLost();
      takeOut(node);
      this.#nodes.delete(id);
    }
  }
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
