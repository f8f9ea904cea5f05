/**
 * What happened in a room, as one sentence for each of its events. Pure. A sentence is a list of plain words and
 * `{ named }` parts, which people chose and which may run in either direction.
 */
import { keepText } from './keep-text.js';
import { every } from './time.js';
/** @import { Message, NoteEvent, SentencePart } from './types.d.ts' */

/**
 * What stands in the braces are named parts.
 * @param {TemplateStringsArray} words
 * @param {(string | undefined)[]} names
 * @returns {SentencePart[]}
 */
export function sentence(words, ...names) {
  const parts = words.flatMap((plain, i) => (i < names.length ? [plain, { named: names[i] || 'somebody' }] : [plain]));
  return parts.filter((part) => part !== '');
}

/** @type {Record<string, (event: Partial<Message>) => SentencePart[]>} */
const ROOM = {
  make: ({ kind, by, text }) => (kind === 'direct'
    ? sentence`${by} began this conversation`
    : sentence`${by} made the room ${text}`),
  topic: ({ by, text }) => (text ? sentence`${by} set the topic: ${text}` : sentence`${by} took the topic away`),
  look: ({ by, icon, tint }) => {
    if (icon) return sentence`${by} gave the room the icon ${icon}`;
    return tint ? sentence`${by} gave the room another colour` : sentence`${by} took the room’s icon and colour away`;
  },
  title: ({ by, text }) => sentence`${by} named the room ${text}`,
  invite: ({ by, name }) => sentence`${by} brought in ${name}`,
  remove: ({ by, who, whom, name }) => (who === whom ? sentence`${by} left` : sentence`${by} removed ${name}`),
  owner: ({ by, name }) => sentence`${by} handed the room over to ${name}`,
  writer: ({ by, name, off }) => (off
    ? sentence`${by} no longer lets ${name} write here`
    : sentence`${by} lets ${name} write here`),
  archive: ({ by, off }) => (off ? sentence`${by} opened this room again` : sentence`${by} archived this room`),
  close: ({ by, off }) => (off ? sentence`${by} opened this room again` : sentence`${by} closed this room`),
  slow: ({ by, seconds }) => (seconds
    ? [...sentence`${by} turned slow mode on: one message every `, every(seconds)]
    : sentence`${by} turned slow mode off`),
  keep: ({ by, days, bytes }) => [...sentence`${by} set how long files stay here: `, keepText(days, bytes)],
  expire: ({ ids = [] }) => [`${ids.length === 1 ? 'A file has' : `${ids.length} files have`} expired, as this room `
    + 'does not keep files for ever'],
};

/**
 * The sentence for one of a room's own events.
 * @param {Message | NoteEvent} event
 * @returns {SentencePart[]}
 */
export function roomEventText(event) {
  return ROOM[event.do]?.(event) ?? [];
}
