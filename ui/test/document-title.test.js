import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { keepTitle } from '../lib/document-title.js';

let show; // what the store calls as something changes
let title;

const store = (title_, unread) => ({
  phase: 'in', room: { name: 'friends' }, hub: { name: 'Hearth' }, preferences: {}, mutes: new Map(),
  rooms: new Map([['friends', { unread }]]), roomInfo: () => ({ kind: 'direct' }), mentionsIn: () => unread,
  isMuted: () => false, roomTitle: () => title_, watch: (_, then) => { show = then; },
});

beforeEach(() => {
  mock.timers.enable({ apis: ['setInterval'] });
  title = '';
  globalThis.matchMedia = () => ({ matches: false });
  globalThis.addEventListener = () => {};
  globalThis.document = {
    get title() { return title; },
    set title(text) { title = text; },
    addEventListener() {},
  };
});

afterEach(() => {
  mock.timers.reset();
  for (const name of ['matchMedia', 'addEventListener', 'document']) delete globalThis[name];
});

test('the number of unread messages stays while the title calls', () => {
  const flash = keepTitle(store('friends', 3), () => false);
  show();
  assert.equal(title, '(3) friends · Hearth');
  flash('mira wrote');
  assert.equal(title, '(3) mira wrote');
  mock.timers.tick(1000);
  assert.equal(title, '(3) friends · Hearth');
});

test('what others call themselves or a room is no number of unread messages', () => {
  const flash = keepTitle(store('(12) Friends', 0), () => false);
  show();
  assert.equal(title, '\u200b(12) Friends · Hearth');
  flash('(12) mira wrote');
  assert.equal(title, '\u200b(12) mira wrote');
  keepTitle({ ...store('x', 0), phase: 'joining', hub: { name: '(12) mills' } }, () => false);
  show();
  assert.equal(title, '\u200b(12) mills');
});
