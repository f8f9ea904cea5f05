/** What happened on the hub, as one sentence for each entry of the audit log. Pure. */
import { sentence } from './event-text.js';
import { span } from './time.js';
/** @import { AuditEntry, SentencePart } from './types.d.ts' */

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
  share: ({ by, room, text }) => sentence`${by} shared ${text}, which lay in the folder of ${room}`,
  delete: ({ by, room }) => sentence`${by} deleted the room ${room}`,
};

/**
 * The sentence for an entry of the audit log; one of a kind that a later Hearth writes shows the kind's own word.
 * @param {AuditEntry} entry
 * @returns {SentencePart[]}
 */
export function auditText(entry) {
  return HUB[entry.do]?.(entry) ?? [...sentence`${entry.by}: `, entry.do];
}
