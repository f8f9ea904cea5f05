import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPanel } from '../lib/host-panel.js';
import { Store } from '../lib/store.js';

test('an answer that comes after that to a later request is not shown', async () => {
  const store = new Store();
  const answers = [];
  const api = {
    panel: () => new Promise((answer) => answers.push(answer)),
    hostAction: async () => ({}),
  };
  const panel = new HostPanel({ store, api, onDemoted: assert.fail });
  const [before, after] = [{ people: [], returns: [{ id: 'x', who: 'a' }] }, { people: [], returns: [] }];
  const early = panel.refresh();
  const acted = panel.act({ do: 'readmit', ask: 'x', off: true });
  await Promise.resolve();
  answers[1](after);
  await acted;
  answers[0](before);
  await early;
  assert.equal(store.hostPanel, after);
  const later = panel.refresh();
  answers[2](before);
  await later;
  assert.equal(store.hostPanel, before);
});
