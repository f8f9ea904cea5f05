/** The line above a reply: who is answered, and what they said. */
import { tint } from '../lib/avatar.js';
import { saidText } from '../lib/said-text.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
/** @import { Quote } from '../lib/types.d.ts' */

/**
 * `re`: the `n` of the message answered; `quote`: that message, or null where it is not held.
 * @param {number} re
 * @param {Quote | null} quote
 * @param {boolean} muted
 */
export function quoteLine(re, quote, muted) {
  const colour = quote ? `tint-${tint(quote.who ?? quote.by)}` : '';
  const words = quote
    ? [element('b', { dir: 'auto', title: quote.by }, quote.by), element('span', { dir: 'auto' }, textOf(quote, muted))]
    : [element('span', {}, 'Reply to an earlier message')];
  const data = { act: 'jump', of: String(re) };
  return element('button', { type: 'button', className: `quote ${colour}`, data }, iconNode('reply'), ...words);
}

/**
 * @param {Quote} quote
 * @param {boolean} muted
 */
function textOf(quote, muted) {
  if (muted) return 'Muted by you';
  if ('erased' in quote && quote.erased) return 'This message was removed.';
  return saidText(quote);
}
