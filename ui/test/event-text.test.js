import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditText, roomEventText } from '../lib/event-text.js';

/** A sentence as one string, with what people chose in brackets. */
const told = (parts) => parts.map((part) => (typeof part === 'string' ? part : `[${part.named}]`)).join('');
const room = (event) => told(roomEventText({ by: 'Ana', who: 'a', ...event }));
const hub = (entry) => told(auditText({ by: 'Host', name: 'Ben', ...entry }));

test('each event of a room has its sentence', () => {
  for (const [event, sentence] of [
    [{ do: 'make', kind: 'private', text: 'Cellar' }, '[Ana] made the room [Cellar]'],
    [{ do: 'make', kind: 'direct', text: '' }, '[Ana] began this conversation'],
    [{ do: 'topic', text: 'Tea' }, '[Ana] set the topic: [Tea]'],
    [{ do: 'look', icon: '🌱', tint: 'green' }, '[Ana] gave the room the icon [🌱]'],
    [{ do: 'look', icon: '', tint: 'green' }, '[Ana] gave the room another colour'],
    [{ do: 'look', icon: '', tint: '' }, '[Ana] took the room’s icon and colour away'],
    [{ do: 'topic', text: '' }, '[Ana] took the topic away'],
    [{ do: 'title', text: 'Attic' }, '[Ana] named the room [Attic]'],
    [{ do: 'invite', name: 'Ben' }, '[Ana] brought in [Ben]'],
    [{ do: 'remove', whom: 'b', name: 'Ben' }, '[Ana] removed [Ben]'],
    [{ do: 'remove', whom: 'a', name: 'Ana' }, '[Ana] left'],
    [{ do: 'owner', name: 'Ben' }, '[Ana] handed the room over to [Ben]'],
    [{ do: 'writer', name: 'Ben' }, '[Ana] lets [Ben] write here'],
    [{ do: 'writer', name: 'Ben', off: true }, '[Ana] no longer lets [Ben] write here'],
    [{ do: 'archive' }, '[Ana] archived this room'],
    [{ do: 'archive', off: true }, '[Ana] opened this room again'],
    [{ do: 'close' }, '[Ana] closed this room'],
    [{ do: 'slow', seconds: 60 }, '[Ana] turned slow mode on: one message every minute'],
    [{ do: 'slow', seconds: 0 }, '[Ana] turned slow mode off'],
    [{ do: 'invite' }, '[Ana] brought in [somebody]'],
  ]) assert.equal(room(event), sentence);
});

test('unknown room events have no sentence; unknown audit entries show their kind', () => {
  assert.deepEqual(roomEventText({ do: 'poll', by: 'Ana' }), []);
  assert.equal(hub({ do: 'poll' }), '[Host]: poll');
});

test('each audit entry has its sentence', () => {
  for (const [entry, sentence] of [
    [{ do: 'opened', by: 'window' }, 'Hearth’s own window was opened'],
    [{ do: 'opened', by: 'the link of --reset-host' }, 'Somebody became host by the link of --reset-host'],
    [{ do: 'mute', text: '300 s' }, '[Host] muted [Ben] for 5 minutes'],
    [{ do: 'mute', text: '0 s' }, '[Host] let [Ben] speak again'],
    [{ do: 'clear_status' }, '[Host] cleared the status of [Ben]'],
    [{ do: 'readmit', text: 'yes at 192.168.1.7' }, '[Host] let [Ben] back in, at [192.168.1.7]'],
    [{ do: 'readmit', text: 'no at 192.168.1.7' }, '[Host] did not take [192.168.1.7] for [Ben]'],
    [{ do: 'host' }, '[Host] made [Ben] a host'],
    [{ do: 'host', text: 'no longer' }, '[Host] made [Ben] no longer a host'],
    [{ do: 'mode', text: 'code' }, '[Host] set Hearth to ask for a code'],
    [{ do: 'mode', text: 'closed' }, '[Host] set Hearth closed'],
    [{ do: 'close', room: 'tea', text: 'opened again' }, '[Host] opened [tea]'],
    [{ do: 'close', room: 'tea', text: 'closed' }, '[Host] closed [tea]'],
    [{ do: 'ban', name: '' }, '[Host] banned [somebody]'],
  ]) assert.equal(hub(entry), sentence);
});
