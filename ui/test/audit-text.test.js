import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditText } from '../lib/audit-text.js';

/** The sentence for an entry as one string, with what people chose in brackets. */
const hub = (entry) => auditText({ by: 'Host', name: 'Ben', ...entry })
  .map((part) => (typeof part === 'string' ? part : `[${part.named}]`)).join('');

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

test('an entry of another kind shows its kind', () => {
  assert.equal(hub({ do: 'poll' }), '[Host]: poll');
});
