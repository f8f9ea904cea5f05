/** Finds rooms by a part of their name or title, and says whether a new one could be made of it. Pure. */
import { roomName, roomNameProblem } from './room-name.js';

/**
 * `rooms`: a list of {name, title}, where one may stand twice. Returns the rooms `found`, those meant exactly first;
 * the `name` of the room that can be made, or the `problem` with it in words; and `exact`, the room that has this name
 * or title already. Each is '' where there is none.
 * @template {{ name: string, title: string }} T
 * @param {T[]} rooms
 * @param {string} typed
 */
export function searchRooms(rooms, typed) {
  const wanted = roomName(typed);
  const like = typed.trim().toLocaleLowerCase();
  const unique = [...new Map(rooms.map((room) => [room.name, room])).values()];
  const titleOf = (/** @type {T} */ room) => room.title.toLocaleLowerCase();
  const isMeant = (/** @type {T} */ room) => room.name === wanted || titleOf(room) === like;
  const isLike = (/** @type {T} */ room) => !like || room.name.includes(wanted) || titleOf(room).includes(like);
  const found = unique.filter(isLike);
  found.sort((a, b) => Number(isMeant(b)) - Number(isMeant(a)) || a.title.localeCompare(b.title));
  const isNew = Boolean(like) && !unique.some(isMeant);
  const problem = isNew ? roomNameProblem(wanted) : '';
  return { found, problem, name: isNew && !problem ? wanted : '', exact: like && !isNew ? found[0].name : '' };
}
