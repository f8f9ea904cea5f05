/** What somebody set for the rooms in their list, read from their preferences whatever is in them. Pure. */
/** @import { Preferences, RoomPreference, RoomSort } from './types.d.ts' */

/** @type {readonly RoomSort[]} */
const SORTS = ['name', 'news', 'hand'];

/** @type {{ from: unknown, read: ReturnType<typeof readRooms> } | null} */
let latest = null; // what was read last: it is asked for once a room

/**
 * How the list is sorted, the rooms put in order by hand, and `of(name)`, what was set for one.
 * @param {Preferences} preferences
 */
export function roomPreferences({ rooms }) {
  if (!latest || latest.from !== rooms) latest = { from: rooms, read: readRooms(rooms) };
  return latest.read;
}

/** @param {unknown} rooms */
function readRooms(rooms) {
  const { sort, hand, of } = objectOf(rooms);
  const each = objectOf(of);
  /** @param {string} name @returns {RoomPreference} */
  const one = (name) => (Object.hasOwn(each, name) ? objectOf(each[name]) : {});
  const names = (Array.isArray(hand) ? hand : []).filter((name) => typeof name === 'string');
  return {
    sort: SORTS.includes(sort) ? /** @type {RoomSort} */ (sort) : 'name',
    hand: /** @type {string[]} */ ([...new Set(names)]),
    of: one,
    favourites: Object.keys(each).filter((name) => one(name).favourite === true),
  };
}

/**
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
function objectOf(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * The rooms with those first that were put in order by hand, in that order; the others stay as they are behind them.
 * @template {{ name: string }} T
 * @param {T[]} rooms
 * @param {string[]} hand
 * @returns {T[]}
 */
export function inHandOrder(rooms, hand) {
  const places = new Map(hand.map((name, at) => [name, at]));
  const place = (/** @type {T} */ { name }) => places.get(name) ?? hand.length;
  return [...rooms].sort((a, b) => place(a) - place(b));
}

/**
 * The order by hand once a room of a list has moved to another place in it. Of the list no more is kept than down to
 * where it was touched; rooms of other lists stay as they are, and those that are in no list, as they may come back.
 * @param {string[]} list names as they are shown
 * @param {string[]} hand
 * @param {string} name
 * @param {number} to from 0
 */
export function handAfterMove(list, hand, name, to) {
  const rest = list.filter((other) => other !== name);
  const moved = [...rest.slice(0, to), name, ...rest.slice(to)];
  const ordered = moved.filter((each) => hand.includes(each));
  const touched = Math.max(to, list.indexOf(name), ...ordered.map((each) => moved.indexOf(each)));
  const listed = new Set(list);
  return [...moved.slice(0, touched + 1), ...hand.filter((each) => !listed.has(each))];
}
