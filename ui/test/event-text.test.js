import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomEventText } from '../lib/event-text.js';

/** A sentence as one string, with what people chose in brackets. */
const told = (parts) => parts.map((part) => (typeof part === 'string' ? part : `[${part.named}]`)).join('');
const room = (event) => told(roomEventText({ by: 'Ana', who: 'a', ...event }));

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
    [{ do: 'keep', days: 30, bytes: 0 }, '[Ana] set how long files stay here: for 30 days'],
    [{ do: 'keep', days: 1, bytes: 2e9 }, '[Ana] set how long files stay here: for 1 day, and only the newest 2.0 GB'],
    [{ do: 'keep', days: 0, bytes: 5e5 }, '[Ana] set how long files stay here: only the newest 500 KB'],
    [{ do: 'keep' }, '[Ana] set how long files stay here: for ever'],
    [{ do: 'expire', ids: ['f'] }, 'A file has expired, as this room does not keep files for ever'],
    [{ do: 'expire', ids: ['f', 'g'] }, '2 files have expired, as this room does not keep files for ever'],
    [{ do: 'invite' }, '[Ana] brought in [somebody]'],
  ]) assert.equal(room(event), sentence);
});

test('unknown events have no sentence', () => {
  assert.deepEqual(roomEventText({ do: 'poll', by: 'Ana' }), []);
});
