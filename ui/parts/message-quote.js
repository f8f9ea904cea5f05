/** The line above a reply: who is answered, and what they said. */
import { tint } from '../lib/avatar.js';
import { snippet } from '../lib/markdown.js';
import { element } from './element.js';
import { iconNode } from './icon.js';

/** `re`: the `n` of the message answered; `quote`: that message, or null where it is not held. */
export function quoteLine(re, quote, muted) {
  const colour = quote ? `tint-${tint(quote.who ?? quote.by)}` : '';
  const words = quote
    ? [element('b', { dir: 'auto', title: quote.by }, quote.by), element('span', { dir: 'auto' }, textOf(quote, muted))]
    : [element('span', {}, 'Reply to an earlier message')];
  const data = { act: 'jump', of: re };
  return element('button', { type: 'button', className: `quote ${colour}`, data }, iconNode('reply'), ...words);
}

function textOf(quote, muted) {
  if (muted) return 'Muted by you';
  return quote.erased ? 'This message was removed.' : snippet(quote.text ?? '');
}
