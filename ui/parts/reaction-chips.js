/** The reactions to a message, each with how many people chose it; of many, those that count most. */
import { element } from './element.js';
/** @import { Me, Reaction } from '../lib/types.d.ts' */

const SHOWN = 20; // different reactions
const NAMED = 12; // people named for one reaction

/**
 * @param {Reaction[]} reactions
 * @param {Me | null} me
 */
export function reactionChips(reactions, me) {
  const rest = reactions.length - SHOWN;
  const shown = rest > 0 ? foremost(reactions, me) : reactions;
  return element('div', { className: 'chips' }, ...shown.map((reaction) => chip(reaction, me)), rest > 0
    ? element('button', {
      type: 'button', className: 'chip', data: { act: 'reactions' }, aria: { label: `${count(rest)} more reactions` },
    }, `+${count(rest)}`)
    : null);
}

/**
 * My own, then those that most people chose.
 * @param {Reaction[]} reactions
 * @param {Me | null} me
 */
function foremost(reactions, me) {
  const weight = (/** @type {Reaction} */ { whos }) => (whos.includes(me?.who) ? Infinity : whos.length);
  const weighed = reactions.map((reaction) => ({ reaction, by: weight(reaction) }));
  const sorted = weighed.sort((a, b) => (a.by === b.by ? 0 : b.by - a.by));
  return sorted.slice(0, SHOWN).map(({ reaction }) => reaction);
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

/** @param {number} number */
function count(number) {
  return number.toLocaleString('en');
}
