/** The reactions to a message, each with how many people chose it. */
import { element } from './element.js';
/** @import { Me, Reaction } from '../lib/types.d.ts' */

const NAMED = 12; // people named for one reaction

/**
 * @param {Reaction[]} reactions
 * @param {Me | null} me
 */
export function reactionChips(reactions, me) {
  return element('div', { className: 'chips' }, ...reactions.map((reaction) => chip(reaction, me)));
}

/**
 * @param {Reaction} reaction
 * @param {Me | null} me
 */
function chip({ text, whos, names }, me) {
  const shown = names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names;
  const label = `${text} ${names.length}, ${shown.join(', ')}`;
  return element('button', {
    type: 'button', className: 'chip', title: shown.join(', '), data: { act: 'react', text },
    aria: { pressed: String(whos.includes(me?.who)), label },
  }, text.slice(0, 16), element('span', { className: 'count' }, String(names.length)));
}
