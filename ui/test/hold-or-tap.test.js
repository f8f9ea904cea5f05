import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { HoldOrTap } from '../lib/hold-or-tap.js';

/** A button that was held long enough, and what was done since. */
function held() {
  mock.timers.enable({ apis: ['setTimeout'] });
  const done = [];
  const [press, letGo, button] = [new HoldOrTap({
    begin: () => done.push('begin'), end: () => done.push('end'), runs: () => done.at(-1) === 'begin',
  }), new AbortController(), new EventTarget()];
  press.down({ button: 0, timeStamp: performance.now() }, button, letGo.signal);
  mock.timers.tick(300);
  assert.deepEqual(done, ['begin']);
  letGo.abort();
  assert.deepEqual(done, ['begin', 'end']);
  return { press, done, letGoAt: performance.now() };
}

test('the click of what was held does nothing, however late it is handled', () => {
  const { press, done, letGoAt } = held();
  mock.timers.tick(5000);
  press.click({ timeStamp: letGoAt });
  assert.deepEqual(done, ['begin', 'end']);
  press.click({ timeStamp: letGoAt });
  assert.deepEqual(done, ['begin', 'end', 'begin'], 'the next one is another');
  mock.timers.reset();
});

test('a click of its own begins again, where what was held has had none', () => {
  const { press, done, letGoAt } = held();
  press.click({ timeStamp: letGoAt + 501 });
  assert.deepEqual(done, ['begin', 'end', 'begin']);
  mock.timers.reset();
});
