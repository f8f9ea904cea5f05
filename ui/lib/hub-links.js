/** Addresses of this hub in a text: a room, a message in it, a person. Pure. */
import { roomFromPath, roomNameProblem } from './room-name.js';
import { beginsWord } from './typed-word.js';
import { placeIn } from './url-fragment.js';
/** @import { HubLink } from './types.d.ts' */

const MOST = 50; // places in one text that are looked at
const NAME = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_-]{0,63}';
const PLACE = new RegExp(`#${NAME}|/${NAME}(?:#(?:n=\\d{1,15}|person=p_[0-9a-f]{1,32}))?`, 'gu');

/**
 * What an address leads to, where one of the `hosts` is asked; null where it is no room, message or person.
 * @param {string} address
 * @param {Set<string>} hosts
 * @param {string} base the address of the page
 * @returns {HubLink | null}
 */
export function hubLink(address, hosts, base) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return null;
  }
  if (!/^https?:$/.test(url.protocol) || !hosts.has(url.host) || url.search) return null;
  const room = roomFromPath(url.pathname);
  const { n, person } = placeIn(url.hash);
  if (url.pathname === '/' || roomNameProblem(room) || (url.hash && !n && !person)) return null;
  return { room, n, person };
}

/**
 * `#room`, `/room`, `/room#n=17` in a text, each with where it stands. Whether there is such a room is not known here.
 * @param {string} text
 */
export function placesIn(text) {
  const found = [...text.matchAll(PLACE)].filter(({ index }) => beginsWord(text, index)).slice(0, MOST);
  return found.map(({ index, 0: written }) => ({ index, written, address: written.replace(/^#/, '/') }));
}
