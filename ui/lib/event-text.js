/**
 * What happened, as one sentence: in a room (its events) and on the hub (the audit log). Pure. A sentence is a list of
 * plain words and `{ named }` parts, which people chose and which may run in either direction.
 */
import { every, span } from './time.js';
/** @import { AuditEntry, Message, NoteEvent, SentencePart } from './types.d.ts' */

/**
 * What stands in the braces are named parts.
 * @param {TemplateStringsArray} words
 * @param {(string | undefined)[]} names
 * @returns {SentencePart[]}
 */
function sentence(words, ...names) {
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
};

/** @type {Record<string, string>} */
const MODES = { open: 'open to anybody', code: 'to ask for a code', login: 'to ask for an account' };

/** @type {Record<string, string>} */
const OPENED = {
  'a browser on this computer': 'Hearth was opened in a browser on its own computer',
  'the link of --reset-host': 'Somebody became host by the link of --reset-host',
};

/** @type {Record<string, (entry: AuditEntry) => SentencePart[]>} */
const HUB = {
  opened: ({ by }) => [OPENED[by] ?? 'Hearth’s own window was opened'],
  asks: ({ by }) => sentence`${by} asked to come in`,
  claim: ({ by }) => sentence`${by} protected the name with a password`,
  password: ({ by }) => sentence`${by} changed the password`,
  rename: ({ by, name }) => sentence`${by} is now called ${name}`,
  everywhere: ({ by }) => sentence`${by} logged out everywhere`,
  token: ({ by, text }) => sentence`${by} made a token for ${text}`,
  kick: ({ by, name }) => sentence`${by} sent out ${name}`,
  ban: ({ by, name }) => sentence`${by} banned ${name}`,
  unban: ({ by, name }) => sentence`${by} lifted the ban on ${name}`,
  mute: ({ by, name, text = '' }) => (parseInt(text, 10)
    ? [...sentence`${by} muted ${name} for `, span(parseInt(text, 10))]
    : sentence`${by} let ${name} speak again`),
  approve: ({ by, name }) => sentence`${by} let ${name} in`,
  deny: ({ by, name }) => sentence`${by} turned ${name} away`,
  free: ({ by, name }) => sentence`${by} freed the name ${name}`,
  return: ({ by, name }) => sentence`${by} asked to come back as ${name}`,
  readmit: ({ by, name, text = '' }) => (/^yes/.test(text)
    ? sentence`${by} let ${name} back in, at ${text.slice(7)}`
    : sentence`${by} did not take ${text.slice(6)} for ${name}`),
  clear_status: ({ by, name }) => sentence`${by} cleared the status of ${name}`,
  host: ({ by, name, text }) => (text
    ? sentence`${by} made ${name} no longer a host`
    : sentence`${by} made ${name} a host`),
  name: ({ by, text }) => sentence`${by} named this Hearth ${text}`,
  mode: ({ by, text = '' }) => [...sentence`${by} set Hearth `, MODES[text] ?? text],
  code: ({ by }) => sentence`${by} made a new code`,
  invite: ({ by }) => sentence`${by} made an invitation`,
  withdraw: ({ by }) => sentence`${by} withdrew an invitation`,
  erase: ({ by, room }) => sentence`${by} removed a message in ${room}`,
  close: ({ by, room, text }) => (text === 'opened again'
    ? sentence`${by} opened ${room}`
    : sentence`${by} closed ${room}`),
  slow: ({ by, room }) => sentence`${by} changed slow mode in ${room}`,
  delete: ({ by, room }) => sentence`${by} deleted the room ${room}`,
};

/**
 * The sentence for one of a room's own events.
 * @param {Message | NoteEvent} event
 * @returns {SentencePart[]}
 */
export function roomEventText(event) {
  return ROOM[event.do]?.(event) ?? [];
}

/**
 * The sentence for an entry of the audit log; one of a kind that a later Hearth writes shows the kind's own word.
 * @param {AuditEntry} entry
 * @returns {SentencePart[]}
 */
export function auditText(entry) {
  return HUB[entry.do]?.(entry) ?? [...sentence`${entry.by}: `, entry.do];
}
