/**
 * People for `@`: who wrote in this room, who is here, its members where it is private, and whom the hub knows. Those
 * who may see the room come first.
 */
import { matching } from '../../lib/matching.js';
import { HERE } from '../../lib/mentions.js';
import { store } from '../../lib/store.js';
/** @import { NamedPerson } from '../../lib/types.d.ts' */
/** @import { Component } from '../component.js' */
/** @import { CompletionItem, CompletionSource } from '../types.d.ts' */

const SMALL = 20; // people in a room where everybody may call all of them; elsewhere hosts may
const FIRST = 5; // people who are offered before that
/** @type {CompletionItem} */
const EVERYBODY = {
  id: HERE, label: HERE, hint: 'everybody who is here now', icon: 'people', insert: `@${HERE}`,
  mention: { name: HERE, who: HERE },
};
const FRESH = 30000; // ms for which the members of a room are believed
let members = { room: '', until: 0, people: /** @type {Map<string, string> | null} */ (null) };
let nobody = ''; // what was looked for last at the hub, where nobody was found: who types on finds nobody either

/** @type {CompletionSource} */
export const PEOPLE = {
  sign: '@',
  spaced: true,
  label: 'People',
  find: (query) => offered(query, known()),
  more: async (query, asker) => {
    const [inRoom, found] = await Promise.all([membersOf(asker), onHub(query, asker)]);
    return offered(query, new Map([...found, ...(inRoom ?? []), ...known()]), inRoom);
  },
};

/**
 * `inRoom` are the members of a private room, and null elsewhere.
 * @param {string} query
 * @param {Map<string, string>} people
 * @param {Map<string, string> | null} [inRoom]
 */
function offered(query, people, inRoom = null) {
  const { me, room } = store;
  const others = [...people].filter(([who]) => who !== me?.who).map(([who, name]) => ({ who, name }));
  const items = matching(others, query, ({ name }) => name).map(({ who, name }) => {
    const outside = Boolean(inRoom && !inRoom.has(who));
    const hint = outside ? 'not in this room' : room?.people.has(who) ? 'here now' : '';
    return { outside, id: who, label: name, hint, avatar: who, insert: `@${name}`, mention: { who, name } };
  });
  items.sort((a, b) => Number(a.outside) - Number(b.outside));
  const all = me?.host || (room && room.here <= SMALL) ? matching([EVERYBODY], query, ({ label }) => label) : [];
  return [...items.slice(0, FIRST), ...all, ...items.slice(FIRST)];
}

// Who wrote here, the last one first, and who is here: id -> name.
function known() {
  const { room } = store;
  /** @type {Map<string, string>} */
  const people = new Map();
  for (const { who, by } of room?.newestFirst() ?? []) if (who && !people.has(who)) people.set(who, by);
  for (const { who, name } of room?.people.values() ?? []) if (who) people.set(who, name); // the present name
  return people;
}

/** @param {Component} asker */
async function membersOf(asker) {
  const { name = '' } = store.room ?? {};
  const { kind, with: other, title } = store.roomInfo(name);
  if (kind === 'direct' && other) return new Map([[other, title]]);
  if (kind !== 'private') return null;
  if (members.room !== name || members.until < Date.now()) {
    const { members: list } = await asker.request('room-details', { name });
    members = { room: name, until: Date.now() + FRESH, people: list ? mapOf(list) : null };
  }
  return members.people;
}

/**
 * @param {string} query
 * @param {Component} asker
 */
async function onHub(query, asker) {
  const like = query.trim();
  if (nobody && like.startsWith(nobody)) return new Map();
  const found = mapOf(await asker.request('find-people', { like }));
  nobody = found.size ? '' : like;
  return found;
}

/** @param {NamedPerson[]} list */
function mapOf(list) {
  return new Map(list.map(({ who, name }) => [who, name]));
}
