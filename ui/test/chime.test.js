import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { chime, readyChime } from '../lib/chime.js';

test('a sound that is asked for by the first touch waits until the page may sound', async () => {
  const done = [];
  const page = new EventTarget();
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.removeEventListener = page.removeEventListener.bind(page);
  const note = { connect: (next) => next, start: () => done.push('tone'), stop() {}, type: '' };
  const ramp = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {}, value: 0 };
  globalThis.AudioContext = class {
    currentTime = 0;
    destination = {};
    resume = async () => done.push('resume');
    suspend = async () => done.push('suspend');
    createOscillator = () => ({ ...note, frequency: ramp });
    createGain = () => ({ ...note, gain: ramp });
  };
  readyChime();
  assert.equal(await chime(1), false, 'nobody has touched it');
  page.dispatchEvent(new Event('keydown'));
  assert.equal(await chime(1), true);
  assert.deepEqual(done.slice(0, 3), ['resume', 'suspend', 'resume'], 'it rests before it sounds');
  assert(done.slice(3).includes('tone'));
});
