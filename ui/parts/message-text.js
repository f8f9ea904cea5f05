/** The text of a message, of which a long one shows an excerpt and a button for more. */
import { excerpt } from '../lib/long-text.js';
import { isJumbo } from '../lib/markdown.js';
import { toNodes } from '../lib/markdown-dom.js';
import { element } from './element.js';
/** @import { RowNode } from './types.d.ts' */

/**
 * The nodes of a text of which `open` pieces were asked for.
 * @param {string} text
 */
export function textBlock(text, open = 0) {
  const { pieces, elements, label } = excerpt(text, open);
  const nodes = pieces.map((piece) => toNodes(piece, elements));
  const block = element('div', { className: isJumbo(text) ? 'text jumbo' : 'text', dir: 'auto' }, ...nodes);
  if (!label) return [block];
  block.classList.toggle('folded', !open);
  return [block, element('button', { type: 'button', className: 'unfold', data: { act: 'unfold' } }, label)];
}

/**
 * Draws the next piece into the node of a row; `open` of them are asked for now.
 * @param {RowNode} node
 * @param {number} open
 */
export function unfold(node, open) {
  const [block, button] = [node.querySelector('.text'), node.querySelector('.unfold')];
  if (!block || !button) return;
  const { pieces, elements, label } = excerpt((node.row.message ?? node.row.entry)?.text ?? '', open);
  const piece = toNodes(pieces[pieces.length - 1], elements);
  block.setAttribute('aria-live', 'off'); // the reader who asked goes there and reads
  if (open > 1) block.append(piece);
  else block.replaceChildren(piece); // in place of the excerpt
  block.classList.remove('folded');
  if (label) button.textContent = label;
  else button.remove();
}
