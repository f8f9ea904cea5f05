/**
 * The faces of those who have read, below the message up to which each has. They are put into the rows once these are
 * drawn, so that no row is drawn anew when somebody reads on.
 */
import { initials, tint } from '../lib/avatar.js';
import { readPlaces } from '../lib/read-places.js';
import { store } from '../lib/store.js';
import { element } from './element.js';
import { raise } from './raise.js';
/** @import { ReadMark, Row } from '../lib/types.d.ts' */
/** @import { RowNodes } from './row-nodes.js' */
/** @typedef {Map<HTMLElement, { line: Node | null, left: number, top: number }>} Stands */

const FACES = 5; // beside each other; the others are counted
const MOVE = 240; // ms

export class ReadFaces {
  #nodes;
  /** @type {Map<string, HTMLElement>} */
  #lines = new Map(); // by the id of a row, what shows who has read up to it
  /** @type {Map<string, HTMLElement>} */
  #faces = new Map(); // by who
  /** @type {Map<HTMLElement, Animation>} */
  #moves = new Map();

  /** @param {RowNodes} nodes */
  constructor(nodes) {
    this.#nodes = nodes;
  }

  /**
   * Shows what the store knows in the rows that are drawn.
   * @param {Row[]} rows
   */
  show(rows) {
    const places = this.#places(rows);
    const before = this.#stands();
    for (const [id, line] of this.#lines) if (!places.has(id)) this.#drop(id, line);
    /** @type {Map<string, HTMLElement>} */
    const faces = new Map();
    for (const [id, marks] of places) {
      const row = this.#nodes.get(id);
      if (row) this.#fill(this.#line(id, row), marks, faces);
    }
    this.#faces = faces;
    // What is drawn is scrolled to its place by then, and not painted yet.
    queueMicrotask(() => this.#move(before));
  }

  /** @param {Row[]} rows */
  #places(rows) {
    const { me, reads, room } = store;
    if (!reads || !room || reads.room !== room.name) return new Map();
    const marks = [...reads.marks.values()].filter(({ who, name }) => !store.isMuted({ who, by: name }));
    const direct = store.roomInfo(room.name).kind === 'direct';
    return readPlaces({ rows, marks, me: me?.who ?? '', direct, end: room.attached ? undefined : room.newest });
  }

  /**
   * The line of a row, which loses it when it is drawn anew.
   * @param {string} id
   * @param {HTMLElement} row
   */
  #line(id, row) {
    let line = this.#lines.get(id);
    if (!line) {
      // Nothing of it is read out when it changes: somebody reads all the time.
      line = element('button', { type: 'button', className: 'readers', tabIndex: -1, aria: { live: 'off' } });
      line.addEventListener('click', ({ currentTarget }) => showReaders(/** @type {HTMLElement} */ (currentTarget)));
      this.#lines.set(id, line);
    }
    if (line.parentNode !== row) row.append(line);
    return line;
  }

  /**
   * @param {HTMLElement} line
   * @param {ReadMark[]} marks
   * @param {Map<string, HTMLElement>} faces
   */
  #fill(line, marks, faces) {
    const label = `Read by ${marks.map(({ name }) => name).join(', ')}`;
    const shown = marks.slice(0, marks.length > FACES ? FACES - 1 : FACES);
    for (const mark of shown) faces.set(mark.who, this.#face(mark));
    const drawn = JSON.stringify(marks.map(({ who, name }) => [who, name]));
    if (line.dataset.drawn === drawn && shown.every(({ who }) => faces.get(who)?.parentNode === line)) return;
    line.dataset.drawn = drawn;
    line.title = label;
    line.setAttribute('aria-label', label);
    const isDirect = store.roomInfo(store.room?.name ?? '').kind === 'direct';
    line.replaceChildren(
      ...(isDirect ? [element('span', {}, 'Read')] : []),
      ...shown.map(({ who }) => /** @type {HTMLElement} */ (faces.get(who))),
      ...(marks.length > shown.length ? [element('span', { dir: 'ltr' }, `+${marks.length - shown.length}`)] : []),
    );
  }

  /** @param {ReadMark} mark */
  #face({ who, name }) {
    const [first = ''] = name.trim().split(/[\s._-]+/u);
    const face = this.#faces.get(who) ?? element('span', { className: `avatar face tint-${tint(who)}` });
    const letter = initials(first);
    if (face.textContent !== letter) face.textContent = letter;
    return face;
  }

  /**
   * @param {string} id
   * @param {HTMLElement} line
   */
  #drop(id, line) {
    if (line === document.activeElement) line.closest('.msg')?.focus({ preventScroll: true });
    line.remove();
    this.#lines.delete(id);
  }

  /** Where each face stands, and in which row. */
  #stands() {
    /** @type {Stands} */
    const stands = new Map();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return stands;
    for (const face of this.#faces.values()) {
      if (!face.isConnected) continue;
      const { left, top } = face.getBoundingClientRect();
      stands.set(face, { line: face.parentNode, left, top });
    }
    return stands;
  }

  /**
   * Lets those that stand in another row now come from where they were.
   * @param {Stands} before
   */
  #move(before) {
    for (const [face, { line, left, top }] of before) {
      if (!face.isConnected || face.parentNode === line) continue;
      this.#moves.get(face)?.cancel();
      const now = face.getBoundingClientRect();
      const from = `translate(${left - now.left}px, ${top - now.top}px)`;
      const move = face.animate([{ transform: from }, { transform: 'none' }], { duration: MOVE, easing: 'ease-out' });
      this.#moves.set(face, move);
      move.onfinish = () => this.#moves.delete(face);
    }
  }
}

/** @param {HTMLElement} line */
function showReaders(line) {
  const row = line.closest('.msg');
  if (!row) return;
  row.focus({ preventScroll: true }); // the line may go meanwhile, and then the focus would not come back
  raise(line, 'show-readers', { n: Number(row.dataset.n) });
}
