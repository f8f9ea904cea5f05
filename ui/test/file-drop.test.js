import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { takeFiles } from '../lib/file-drop.js';

/** A page with one place in it, whose question for files is answered at once. */
function page() {
  const document = new EventTarget();
  const place = { name: 'place' };
  Object.assign(document, {
    body: { name: 'body', classList: { toggle() {} } },
    activeElement: { name: 'active' },
    elementFromPoint: (/** @type {number} */ x) => (x < 100 ? place : null),
    createElement: () => Object.assign(new EventTarget(), {
      files: ['a', 'b'],
      click() {
        assert.equal(this.type, 'file');
        assert.equal(this.multiple, true);
        this.dispatchEvent(new Event('change'));
      },
    }),
  });
  globalThis.document = document;
  const taken = [];
  takeFiles((files, { name }) => taken.push([files, name]));
  return {
    taken,
    /** Whether the page asked for them. */
    tell: (detail) => !document.dispatchEvent(
      Object.assign(new Event('hearth-files', { cancelable: true }), { detail })),
    paste: (types) => document.dispatchEvent(
      Object.assign(new Event('paste'), { clipboardData: { types, files: ['c'] } })),
  };
}

test('files that the window has are asked for, and go where they were dropped', () => {
  const { taken, tell } = page();
  assert(tell({ x: 10, y: 20 }));
  tell({ x: 200, y: 20 });
  tell({});
  assert.deepEqual(taken.map(([, where]) => where), ['place', 'body', 'active']);
  assert.deepEqual(taken[0][0], ['a', 'b']);
});

test('they are not asked for where the view has given them already', () => {
  const { taken, tell, paste } = page();
  paste(['Files', 'text/plain']);
  assert.deepEqual(taken, []);
  paste(['Files']);
  assert(!tell({}));
  assert.deepEqual(taken.map(([files]) => files), [['c']]);
});
