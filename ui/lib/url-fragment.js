/**
 * What a link carries behind its `#`: a ticket, a code, an invitation, the way to another address and back. It is taken
 * out of the address at once, so that nobody gets to see it.
 */
/** @import { UrlParts } from './types.d.ts' */
const KINDS = ['ticket', 'link', 'code', 'invite', 'to', 'state'];

/**
 * Returns what of `KINDS` the address carried, as an object, and removes it from there.
 * @returns {UrlParts}
 */
export function takeFragment() {
  const found = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B'));
  const taken = Object.fromEntries(KINDS.map((kind) => [kind, found.get(kind)]).filter(([, value]) => value));
  if (Object.keys(taken).length) history.replaceState(history.state, '', location.pathname + location.search);
  return taken;
}

/**
 * The message or the person behind the `#` of an address: `n` is 0 and `person` '' where there is none.
 * @param {string} hash
 */
export function placeIn(hash) {
  const found = new URLSearchParams(hash.slice(1));
  const n = Number(found.get('n'));
  const person = found.get('person') ?? '';
  return { n: Number.isSafeInteger(n) && n > 0 ? n : 0, person: /^p_\w{1,64}$/.test(person) ? person : '' };
}

/**
 * The message or the person that the address leads to, which is taken out of it too; null where there is none.
 */
export function takePlace() {
  const place = placeIn(location.hash);
  if (!place.n && !place.person) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return place;
}
