/** The people of a room in its card: its members, or those who may write in it. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { avatarIcon } from '../avatar-icon.js';
import { icon } from '../icon.js';
/** @import { NamedPerson } from '../../lib/types.d.ts' */

/**
 * `people`: a list of {who, name}; `owner`: the id of one of them; `add`: {label, act} of the button above the list;
 * `tools(person)`: what can be done with the one whose id is `open`, `toggle(who)` opens another one's; `empty`: what
 * is said of an empty list.
 * @param {{
 *   title: string, people: NamedPerson[], owner?: string | null, add?: { label: string, act: () => void } | null,
 *   tools?: ((person: NamedPerson) => unknown) | null, open: string, toggle: (who: string) => void, empty?: string,
 * }} list
 */
export function roomMembers({ title, people, owner = '', add, tools, open, toggle, empty = '' }) {
  const member = (/** @type {NamedPerson} */ person) => {
    const mayChange = tools && person.who !== store.me?.who;
    const isOpen = open === person.who;
    return html`<li>
        <div class="item">${avatarIcon(person.who, person.name)}
          <span class="what"><span><bdi>${person.name}</bdi>${person.who === store.me?.who
            ? html` <small>you</small>`
            : nothing}</span>
            ${person.who === owner ? html`<small>owner</small>` : nothing}</span>
          ${mayChange ? moreButton(person.name, isOpen, () => toggle(person.who)) : nothing}</div>
        ${tools && isOpen ? html`<div class="deeds">${tools(person)}</div>` : nothing}
      </li>`;
  };
  return html`<div class="part-head"><h3>${title} <span class="count">${people.length || ''}</span></h3>
        ${add
          ? html`<button type="button" class="button small" @click=${add.act}>${icon('plus')}${add.label}</button>`
          : nothing}</div>
      <ul class="lines">${repeat(people, ({ who }) => who, member)}${people.length || !empty
        ? nothing
        : html`<li class="nobody">${empty}</li>`}</ul>`;
}

/**
 * @param {string} name
 * @param {boolean} isOpen
 * @param {() => void} act
 */
function moreButton(name, isOpen, act) {
  return html`<button type="button" class="knob" aria-label=${`What to do with ${name}`} aria-expanded=${String(isOpen)}
            @click=${act}>${icon('more')}</button>`;
}
