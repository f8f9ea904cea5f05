/** The text of a message, of which a long one shows an excerpt and a button for more. */
import { excerpt } from '../lib/long-text.js';
import { isJumbo } from '../lib/markdown.js';
import { toNodes } from '../lib/markdown-dom.js';
import { withPlainNames } from '../lib/mentions.js';
import { element } from './element.js';
/** @import { Meant } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

/**
 * The nodes of a text of which `open` pieces were asked for; `to`: who is meant by which name in it.
 * @param {{ text: string, to?: Meant }} said
 * @param {RowContext | null} context
 */
export function textBlock({ text, to }, context, open = 0) {
  const shown = excerpt(withPlainNames(text, to), open);
  const nodes = shown.pieces.map((_, index) => drawPiece(shown, index));
  const block = element('div', { className: isJumbo(text) ? 'text jumbo' : 'text', dir: 'auto' }, ...nodes);
  if (context) chipNames(block, to, context);
  if (/[#/]/.test(text)) chipLinks(block);
  if (!shown.label) return [block];
  block.classList.toggle('folded', !open);
  return [block, element('button', { type: 'button', className: 'unfold', data: { act: 'unfold' } }, shown.label)];
}

/**
 * @param {Element} block
 * @param {Meant | undefined} to
 * @param {RowContext} context
 */
function chipNames(block, to, context) {
  if (to) import('./mention-chips.js').then(({ markMentions }) => markMentions(block, to, context), () => null);
}

/** @param {Element} block */
function chipLinks(block) {
  import('./link-chips.js').then(({ markLinks }) => markLinks(block), () => null); // else it stays as it was written
}

/**
 * Draws the next piece into the node of a row; `open` of them are asked for now.
 * @param {RowNode} node
 * @param {number} open
 * @param {RowContext} context
 */
export function unfold(node, open, context) {
  const [block, button] = [node.querySelector('.text'), node.querySelector('.unfold')];
  if (!block || !button) return;
  const { text = '', to } = node.row.message ?? node.row.entry ?? {};
  const shown = excerpt(withPlainNames(text, to), open);
  const piece = drawPiece(shown, shown.pieces.length - 1);
  block.setAttribute('aria-live', 'off'); // the reader who asked goes there and reads
  if (open > 1) block.append(piece);
  else block.replaceChildren(piece); // in place of the excerpt
  chipNames(block, to, context);
  chipLinks(block);
  block.classList.remove('folded');
  if (shown.label) button.textContent = shown.label;
  else button.remove();
}

/**
 * Colours code, once what does it has come; without it, code has one colour.
 * @param {HTMLElement[]} all
 */
export function colourLater(all) {
  if (all.length) import('./code-colours.js').then(({ colourCode }) => colourCode(all)).catch(() => {});
}

/**
 * @param {ReturnType<typeof excerpt>} shown
 * @param {number} index
 */
function drawPiece({ pieces, fences, elements, folded }, index) {
  const [begun, unfinished] = [Boolean(fences[index]), Boolean(fences[index + 1])];
  const nodes = toNodes(pieces[index], elements, { folded, begun, unfinished });
  colourLater([...nodes.querySelectorAll('pre code')]);
  return nodes;
}
