/** The picker's emoji in rows, each section of them under a title, and where keys lead among them. Pure. */
/** @import { EmojiCell, EmojiSection } from './types.d.ts' */

export class EmojiGrid {
  /** @type {{ title: string, section: number, first: number, last: number }[]} */
  rows = []; // a title has no cells: its `first` is its `last`
  /** @type {EmojiCell[]} */
  cells = [];
  #columns;

  /**
   * @param {EmojiSection[]} sections those without emoji are left out
   * @param {number} columns
   */
  constructor(sections, columns) {
    this.#columns = columns;
    for (const [section, { title, cells }] of sections.entries()) {
      if (!cells.length) continue;
      const end = this.cells.push(...cells);
      if (title) this.rows.push({ title, section, first: end - cells.length, last: end - cells.length });
      for (let first = end - cells.length; first < end; first += columns) {
        this.rows.push({ title: '', section, first, last: Math.min(end, first + columns) });
      }
    }
  }

  /**
   * The row in which a cell stands.
   * @param {number} at
   */
  rowOf(at) {
    return this.rows.findIndex(({ first, last }) => first <= at && at < last);
  }

  /**
   * The row with which a section begins; -1 where it has no emoji.
   * @param {number} section
   */
  start(section) {
    return this.rows.findIndex((row) => row.section === section);
  }

  /**
   * The cell to which a key leads from another one; -1 upwards out of the grid, undefined for a key that leads nowhere.
   * `page` is the number of rows in sight, `backwards` whether lines run from right to left.
   * @param {string} key
   * @param {number} at
   * @param {{ page: number, backwards: boolean, ctrl: boolean }} how
   * @returns {number | undefined}
   */
  step(key, at, { page, backwards, ctrl }) {
    const end = this.cells.length - 1;
    const { first, last } = this.rows[this.rowOf(at)];
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        return Math.min(end, Math.max(0, at + ((key === 'ArrowLeft') === backwards ? 1 : -1)));
      case 'ArrowUp':
        return this.#vertical(at, -1);
      case 'ArrowDown':
        return Math.max(at, this.#vertical(at, 1));
      case 'PageUp':
        return Math.max(0, this.#vertical(at, -page));
      case 'PageDown':
        return this.#vertical(at, page);
      case 'Home':
        return ctrl ? 0 : first;
      case 'End':
        return ctrl ? end : last - 1;
      default:
        return undefined;
    }
  }

  /**
   * The cell in the same column some rows of cells away, or in the last row there is; -1 above the first one.
   * @param {number} at
   * @param {number} by
   */
  #vertical(at, by) {
    const rows = this.rows.filter(({ first, last }) => first < last);
    const row = rows.findIndex(({ last }) => at < last);
    if (row + by < 0) return by === -1 ? -1 : 0;
    const { first, last } = rows[Math.min(rows.length - 1, row + by)];
    return Math.min(last - 1, first + ((at - rows[row].first) % this.#columns));
  }
}
