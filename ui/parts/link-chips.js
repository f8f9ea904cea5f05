/**
 * Rooms, messages and people of this hub in a drawn text, each as a link that says what it leads to. That is asked of
 * this hub alone, once it is in sight; what one may not see stays the address that was written.
 */
import { hubLink, placesIn } from '../lib/hub-links.js';
import { saidText } from '../lib/said-text.js';
import { pathOf } from '../lib/room-name.js';
import { store } from '../lib/store.js';
import { full } from '../lib/time.js';
import { element } from './element.js';
import { oncePerFrame } from './frames.js';
import { raise } from './raise.js';
/** @import { HubLink, RoomEvent, FoundPerson } from '../lib/types.d.ts' */
/** @import { Found } from './types.d.ts' */

const KEPT = 200; // answers
// Links that the host copied in the hub's own window name the machine itself.
const itself = ['localhost', '127.0.0.1', '[::1]'].map((name) => (location.port ? `${name}:${location.port}` : name));
const hosts = new Set([location.host, ...itself]);
/** @type {Promise<unknown> | null} */
let asked = null; // for the other addresses of this hub
/** @type {Map<string, Promise<Found | null>>} */
const answers = new Map();
/** @type {WeakMap<Element, string>} */
const waiting = new WeakMap(); // what is not in sight yet -> its address

const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    const address = waiting.get(target);
    if (!isIntersecting || address === undefined) continue;
    sight.unobserve(target);
    waiting.delete(target);
    fill(/** @type {HTMLElement} */ (target), address);
  }
});

/** @param {Element} block */
export function markLinks(block) {
  for (const link of block.querySelectorAll('a')) {
    if (!link.classList.contains('at') && link.href.startsWith('http')) wait(link, link.href);
  }
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const node of texts) if (!node.parentElement?.closest('a, code, pre')) markText(node);
}

/** @param {Text} node */
function markText(node) {
  const { data } = node;
  /** @type {(string | Node)[]} */
  const pieces = [];
  let done = 0;
  for (const { index, written, address } of placesIn(data)) {
    const place = element('span', {}, written);
    wait(place, address);
    pieces.push(data.slice(done, index), place);
    done = index + written.length;
  }
  if (pieces.length) node.replaceWith(...pieces, data.slice(done));
}

/**
 * @param {HTMLElement} place
 * @param {string} address
 */
function wait(place, address) {
  waiting.set(place, address);
  sight.observe(place);
}

/**
 * @param {HTMLElement} place
 * @param {string} address
 */
async function fill(place, address) {
  const url = new URL(address, location.href);
  if (!hosts.has(url.host) && url.port === location.port) {
    asked ??= ask(place, 'own-hosts', {}).then((own) => own.forEach((/** @type {string} */ host) => hosts.add(host)));
    await asked.catch(() => {});
  }
  const link = hubLink(address, hosts, location.href);
  if (!link) return;
  const key = `${link.room} ${link.n} ${link.person}`;
  if (answers.size > KEPT) answers.clear();
  const answer = answers.get(key) ?? find(place, link).catch(() => null);
  answers.set(key, answer);
  const found = await answer;
  if (!found) answers.delete(key); // it may be there the next time
  else oncePerFrame(() => place.isConnected && put(place, link, found))();
}

/**
 * @param {HTMLElement} place
 * @param {HubLink} link
 * @param {Found} found
 */
function put(place, link, found) {
  const { room, n, person } = link;
  const labelled = place.tagName === 'A' && !/^(?:https?:)?\/\//.test(place.textContent.trim());
  const href = `${pathOf(room)}${n ? `#n=${n}` : person ? `#person=${person}` : ''}`;
  const chip = element('a', { className: n ? 'at said' : 'at', dir: 'auto', href, title: found.note });
  if (labelled) chip.append(...place.childNodes); // what its writer calls it
  else chip.textContent = found.label;
  chip.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // the browser opens it elsewhere
    event.preventDefault();
    if (person) raise(chip, 'show-person', { who: person, name: found.label.slice(1) });
    else if (n) raise(chip, 'open-message', { room, n });
    else raise(chip, 'open-room', { room });
  });
  place.replaceWith(chip);
}

/**
 * What a link leads to, where one may see it.
 * @param {HTMLElement} from
 * @param {HubLink} link
 * @returns {Promise<Found | null>}
 */
async function find(from, { room, n, person }) {
  if (person) {
    const people = await ask(from, 'find-people', { like: '' });
    const found = people.find((/** @type {FoundPerson} */ { who }) => who === person);
    return found ? { label: `@${found.name}`, note: '' } : null;
  }
  if (!isListed(room)) await ask(from, 'find-rooms', { text: room });
  if (!isListed(room)) return null;
  const { title, topic } = store.roomInfo(room);
  if (!n) return { label: `#${title}`, note: topic };
  /** @type {RoomEvent | undefined} */
  const event = await ask(from, 'message', { room, n });
  if (event?.do !== 'say' || event.erased) return null;
  return { label: `#${title} · ${event.by}: ${saidText(event, 60)}`, note: full(event.at) };
}

/** @param {string} room */
function isListed(room) {
  return room === 'general' || store.rooms.has(room) || (room === store.room?.name && !store.room.problem);
}

/**
 * @param {HTMLElement} from
 * @param {'find-people' | 'find-rooms' | 'message' | 'own-hosts'} name
 * @param {any} detail
 * @returns {Promise<any>}
 */
function ask(from, name, detail) {
  return new Promise((answer) => raise(from, 'request', { name, detail, answer }));
}
