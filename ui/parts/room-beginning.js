/** The beginning of a room: what it is and, as long as nothing was said in it, what can be done. */
import { store } from '../lib/store.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
import { part } from './part.js';
import { raise } from './raise.js';
import { mayChangeTopic } from './room-topic.js';
/** @import { RoomInfo, RoomKind, RowOf } from '../lib/types.d.ts' */

const PUBLIC = 'This room is public: anybody here can open it. It begins with its first message.';

/** @type {Record<RoomKind, (empty: boolean, info: Partial<RoomInfo>) => string>} */
const WORDS = {
  public: (empty, { name }) => {
    if (!empty) return 'This is where the room begins.';
    return name === 'general' ? 'Nothing has been said here yet. Begin.' : PUBLIC;
  },
  announcements: () => 'Announcements: everybody reads, chosen people write.',
  private: () => 'A private room. Only people who were invited see it.',
  direct: (empty, { title }) => `Only you and ${title} see what is said here.`,
};

/** @param {RowOf<'start'>} row */
export function beginning({ empty, info }) {
  const kind = info.kind && info.kind in WORDS ? info.kind : 'public'; // a later Hearth may know more kinds
  const title = element('h2', {}, element('bdi', {}, info.title));
  const box = element('div', { className: 'start' }, iconNode('mark', 'mark'), title,
    element('p', {}, WORDS[kind](empty, info)));
  if (!empty) return box;
  if (kind === 'public' || kind === 'announcements') box.append(address(info));
  const all = deeds(/** @type {RoomInfo} */ ({ ...info, kind }));
  if (all.length) box.append(element('div', { className: 'deeds' }, ...all));
  return box;
}

/** @param {Partial<RoomInfo>} info */
function address({ name }) {
  return element('p', {}, 'Its address ends with ', element('bdi', {}, `/${name}`), ': who opens it is in this room.');
}

/** @param {RoomInfo} info */
function deeds(info) {
  const { kind, owner, topic, archived, may_write: write } = info;
  const own = kind !== 'direct' && mayChangeTopic(info, store.me) && !archived;
  const invites = kind === 'private' ? owner && !archived : kind !== 'direct';
  return [
    write ? deed('edit', 'Write first', () => part('composer')?.focus()) : null,
    invites ? deed('invite', 'Invite people', (from) => (kind === 'private'
      ? raise(from, 'show-room', { face: 'invite' })
      : raise(from, 'show-invite'))) : null,
    own && !topic ? deed('topic', 'Say what it is about', () => part('room-header')?.editTopic()) : null,
    own ? deed('look', 'Icon and colour', (from) => raise(from, 'show-room', { face: 'look' })) : null,
  ].filter((each) => !!each);
}

/**
 * @param {string} icon
 * @param {string} label
 * @param {(from: HTMLElement) => void} act
 */
function deed(icon, label, act) {
  const button = element('button', { type: 'button', className: 'button small' }, iconNode(icon), label);
  button.addEventListener('click', () => act(button));
  return button;
}
