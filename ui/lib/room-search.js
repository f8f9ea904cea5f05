/** Finds rooms by a part of their name, title or topic, and says whether a new one could be made of it. Pure. */
import { roomName, roomNameProblem } from './room-name.js';

/**
 * `rooms`: a list of {name, title, topic}, where one may stand twice. Returns the rooms `found`, those meant exactly
 * first, and what `roomToMake` says of them.
 * @template {{ name: string, title: string, topic?: string }} T
 * @param {T[]} rooms
 * @param {string} typed
 */
export function searchRooms(rooms, typed) {
  const wanted = roomName(typed);
  const like = typed.trim().toLocaleLowerCase();
  const unique = [...new Map(rooms.map((room) => [room.name, room])).values()];
  const isLike = (/** @type {T} */ { name, title, topic = '' }) => !like || name.includes(wanted)
    || [title, topic].some((text) => text.toLocaleLowerCase().includes(like));
  const found = unique.filter(isLike);
  const isMeant = meant(typed);
  found.sort((a, b) => Number(isMeant(b)) - Number(isMeant(a)) || a.title.localeCompare(b.title));
  return { found, ...roomToMake(found, typed) };
}

/**
 * Of the rooms that were found: the `name` of the one that can be made, or the `problem` with it in words; and `exact`,
 * the room that has this name or title already. Each is '' where there is none.
 * @param {{ name: string, title: string }[]} found
 * @param {string} typed
 */
export function roomToMake(found, typed) {
  const wanted = roomName(typed);
  const exact = typed.trim() ? found.find(meant(typed))?.name ?? '' : '';
  const isNew = Boolean(typed.trim()) && !exact;
  const problem = isNew ? roomNameProblem(wanted) : '';
  return { problem, name: isNew && !problem ? wanted : '', exact };
}

/**
 * Whether a room is the one that was typed.
 * @param {string} typed
 */
function meant(typed) {
  const [wanted, like] = [roomName(typed), typed.trim().toLocaleLowerCase()];
  return (/** @type {{ name: string, title: string }} */ { name, title }) => (
    name === wanted || title.toLocaleLowerCase() === like);
}
