/** The names in a drawn text that mean somebody, each as a link to the person. */
import { HERE, isMeant, mentionPieces } from '../lib/mentions.js';
import { element } from './element.js';
import { raise } from './raise.js';
/** @import { Meant, Mention } from '../lib/types.d.ts' */
/** @import { RowContext } from './types.d.ts' */

/**
 * `to`: who is meant by which name. A person who is known here bears their present name.
 * @param {Node} block
 * @param {Meant | undefined} to
 * @param {RowContext} context
 */
export function markMentions(block, to, { me, nameOf }) {
  if (!to) return;
  block.normalize(); // a name may stand in several nodes
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const found = [];
  while (walker.nextNode()) found.push(/** @type {Text} */ (walker.currentNode));
  for (const node of found) {
    if (!node.data.includes('@') || node.parentElement?.closest('a, code, pre')) continue;
    const pieces = mentionPieces(node.data, to);
    if (pieces.length === 1 && typeof pieces[0] === 'string') continue;
    const drawn = (/** @type {string | Mention} */ piece) => (
      typeof piece === 'string' ? piece : chip(piece, me?.who ?? '', nameOf));
    node.replaceWith(...pieces.map(drawn));
  }
}

/**
 * It became known who is here: their present names in what is drawn already.
 * @param {HTMLElement} list
 * @param {RowContext['nameOf']} nameOf
 */
export function renameMentions(list, nameOf) {
  for (const link of list.querySelectorAll('a.at')) {
    const name = nameOf(link.dataset.who ?? '');
    if (name && name !== link.dataset.name) [link.dataset.name, link.textContent] = [name, `@${name}`];
  }
}

/**
 * @param {Mention} mention
 * @param {string} me
 * @param {RowContext['nameOf']} nameOf
 */
function chip({ name, who }, me, nameOf) {
  const className = isMeant({ [name]: who }, me) ? 'at own' : 'at';
  if (who === HERE) return element('span', { className }, `@${name}`);
  const shown = nameOf(who) ?? name;
  const href = `#person=${encodeURIComponent(who)}`;
  const link = element('a', { className, dir: 'auto', href, data: { who, name: shown } }, `@${shown}`);
  link.addEventListener('click', showPerson);
  return link;
}

/** @param {MouseEvent} event */
function showPerson(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return; // the browser opens it elsewhere
  event.preventDefault();
  const link = /** @type {HTMLElement} */ (event.currentTarget);
  const { who, name = '' } = link.dataset;
  raise(link, 'show-person', { who, name });
}
