/** What the buttons in a row of messages do, wherever the row is shown. */
import { raise } from './raise.js';
/** @import { RowNode } from './types.d.ts' */

/**
 * Raises what a button with `data-act` asks for; one that the list itself answers is none of these.
 * @param {Element} from
 * @param {RowNode} node
 * @param {DOMStringMap} button
 */
export function rowAction(from, node, { act = '', of = '', text = '' }) {
  const { n: number = '', key = '' } = node.dataset;
  const n = Number(number);
  switch (act) {
    case 'jump':
      return raise(from, act, { n: Number(of) });
    case 'react':
      return raise(from, act, { n, room: node.row.message?.room, text });
    case 'reactions':
      return node.row.message && raise(from, 'show-reactions', { message: node.row.message });
    case 'versions':
      return raise(from, 'show-versions', { n });
    case 'origin':
      return raise(from, 'open-message', { room: text, n: Number(of) });
    case 'thread':
      return raise(from, 'open-thread', { n });
    case 'undo-removal':
      return raise(from, act, { n });
    case 'retry':
    case 'discard':
    case 'edit-unsent':
      return raise(from, act, { key });
    default:
      return undefined;
  }
}
