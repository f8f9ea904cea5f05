/**
 * The rows of a list stand in chunks, each of which the browser lays out and paints by itself: where rows come or go,
 * it moves the other chunks as they are, and not each of their rows.
 */
import { element } from './element.js';
/** @import { RowNode } from './types.d.ts' */

const SIZE = 5; // rows after which a chunk is full; more are put between those that it has

/**
 * The row that stands below `above`, or the first one.
 * @param {HTMLElement} list
 * @param {RowNode | null} above
 */
export function rowBelow(list, above) {
  if (!above) return list.firstChild?.firstChild ?? null;
  return above.nextSibling ?? above.parentNode?.nextSibling?.firstChild ?? null;
}

/**
 * Puts a row below `above`, or first.
 * @param {HTMLElement} list
 * @param {RowNode} node
 * @param {RowNode | null} above
 */
export function place(list, node, above) {
  if (node.parentElement) takeOut([node], node.parentElement);
  const chunk = above?.parentElement;
  const isBetween = Boolean(above?.nextSibling);
  // What is no message, such as a day, stays with what is below it.
  if (above && chunk && (isBetween || chunk.childElementCount < SIZE || !above.dataset.n)) {
    above.after(node);
    return;
  }
  const next = chunk ? chunk.nextElementSibling : list.firstElementChild;
  if (next && (next.childElementCount < SIZE || !node.dataset.n)) next.prepend(node);
  else list.insertBefore(element('div', { className: 'chunk' }, node), next);
}

/**
 * Takes rows out of their chunk, and the chunk where they were all that it had.
 * @param {RowNode[]} nodes
 * @param {Element} chunk
 */
export function takeOut(nodes, chunk) {
  if (nodes.length === chunk.childElementCount) chunk.remove();
  else for (const node of nodes) node.remove();
}
