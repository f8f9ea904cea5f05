/**
 * What happened, as one sentence: in a room (its events) and on the hub (the audit). Pure. A sentence is a list of
 * plain words and `{ named }` parts, which are other people's and may run in either direction.
 */
import { every, span } from './time.js';

const named = (text) => ({ named: text || 'somebody' });

const ROOM = {
  make: ({ kind, by, text }) => (kind === 'direct' ? [named(by), ' began this conversation'] : [named(by), ' made the room ', named(text)]),
  topic: ({ by, text }) => (text ? [named(by), ' set the topic: ', named(text)] : [named(by), ' took the topic away']),
  title: ({ by, text }) => [named(by), ' named the room ', named(text)],
  invite: ({ by, name }) => [named(by), ' brought in ', named(name)],
  remove: ({ by, who, whom, name }) => (who === whom ? [named(by), ' left'] : [named(by), ' removed ', named(name)]),
  owner: ({ by, name }) => [named(by), ' handed the room over to ', named(name)],
  writer: ({ by, name, off }) => [named(by), off ? ' no longer lets ' : ' lets ', named(name), ' write here'],
  archive: ({ by, off }) => [named(by), off ? ' opened this room again' : ' archived this room'],
  close: ({ by, off }) => [named(by), off ? ' opened this room again' : ' closed this room'],
  slow: ({ by, seconds }) => (seconds ? [named(by), ` turned slow mode on: one message every ${every(seconds)}`] : [named(by), ' turned slow mode off']),
};

const MODES = { open: 'open to anybody', code: 'to ask for a code', login: 'to ask for an account' };

const OPENED = {
  'a browser on this computer': 'Hearth was opened in a browser on its own computer',
  'the link of --reset-host': 'Somebody became host by the link of --reset-host',
};

const HUB = {
  opened: ({ by }) => [OPENED[by] ?? 'Hearth’s own window was opened'],
  asks: ({ by }) => [named(by), ' asked to come in'],
  claim: ({ by }) => [named(by), ' protected the name with a password'],
  password: ({ by }) => [named(by), ' changed the password'],
  rename: ({ by, name }) => [named(by), ' is now called ', named(name)],
  everywhere: ({ by }) => [named(by), ' logged out everywhere'],
  token: ({ by, text }) => [named(by), ' made a token for ', named(text)],
  kick: ({ by, name }) => [named(by), ' sent out ', named(name)],
  ban: ({ by, name }) => [named(by), ' banned ', named(name)],
  unban: ({ by, name }) => [named(by), ' lifted the ban on ', named(name)],
  mute: ({ by, name, text }) => (parseInt(text, 10) ? [named(by), ' muted ', named(name), ` for ${span(parseInt(text, 10))}`] : [named(by), ' let ', named(name), ' speak again']),
  approve: ({ by, name }) => [named(by), ' let ', named(name), ' in'],
  deny: ({ by, name }) => [named(by), ' turned ', named(name), ' away'],
  free: ({ by, name }) => [named(by), ' freed the name ', named(name)],
  return: ({ by, name }) => [named(by), ' asked to come back as ', named(name)],
  readmit: ({ by, name, text }) => (/^yes/.test(text) ? [named(by), ' let ', named(name), ' back in, at ', named(text.slice(7))] : [named(by), ' did not take ', named(text?.slice(6)), ' for ', named(name)]),
  host: ({ by, name, text }) => (text ? [named(by), ' made ', named(name), ' no longer a host'] : [named(by), ' made ', named(name), ' a host']),
  mode: ({ by, text }) => [named(by), ` set Hearth ${MODES[text] ?? text}`],
  code: ({ by }) => [named(by), ' made a new code'],
  invite: ({ by }) => [named(by), ' made an invitation'],
  withdraw: ({ by }) => [named(by), ' withdrew an invitation'],
  erase: ({ by, room }) => [named(by), ' removed a message in ', named(room)],
  close: ({ by, room, text }) => [named(by), text === 'opened again' ? ' opened ' : ' closed ', named(room)],
  slow: ({ by, room }) => [named(by), ' changed slow mode in ', named(room)],
  delete: ({ by, room }) => [named(by), ' deleted the room ', named(room)],
};

/** One of a room's own events. */
export function roomEventText(event) {
  return ROOM[event.do]?.(event) ?? [];
}

/** One entry of the audit; a kind that a later Hearth writes is told by its own word. */
export function auditText(entry) {
  return HUB[entry.do]?.(entry) ?? [named(entry.by), `: ${entry.do}`];
}
