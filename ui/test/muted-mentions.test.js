import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { MutedMentions } from '../lib/muted-mentions.js';
import { Store } from '../lib/store.js';
import { freshStorage } from './fakes.js';

let store;
let asked;
let muted;
const mention = (n, who, more = {}) => ({ room: 'tea', n, who, by: who, unread: true, ...more });

beforeEach(() => {
  freshStorage();
  store = new Store();
  store.setSession({ me: { who: 'me', name: 'Me' } });
  store.setRooms(new Map([['tea', { name: 'tea', last: 9, said: 9, unread: 4, mentions: 3 }]]));
  asked = 0;
  const mentions = [mention(9, 'a'), mention(8, 'b'), mention(7, 'a'), mention(2, 'a', { unread: false })];
  muted = new MutedMentions({ store, api: { mentions: async () => { asked += 1; return { mentions }; } } });
});

test('what a muted person says to me does not count', async () => {
  store.mutes.set('a', 'Ana');
  await muted.review();
  assert.deepEqual([store.mentionsIn('tea'), store.mentions()], [1, 1]);
  store.mutes.set('a');
  await muted.review();
  assert.equal(store.mentionsIn('tea'), 3);
});

test('nor does what they say from now on, until it is read', () => {
  muted.add({ room: 'tea', of: 9 });
  muted.add({ room: 'tea', of: 8 });
  assert.equal(store.mentionsIn('tea'), 1);
  store.setRooms(new Map([['tea', { name: 'tea', last: 9, said: 9, unread: 1, mentions: 1, read: 8 }]]));
  assert.equal(store.mentionsIn('tea'), 0);
});

test('who mutes nobody asks nothing', async () => {
  await muted.review();
  store.mutes.set('a', 'Ana');
  store.setRooms(new Map());
  await muted.review();
  assert.equal(asked, 0);
});

test('a hub that does not answer changes nothing', async () => {
  store.mutes.set('a', 'Ana');
  muted = new MutedMentions({ store, api: { mentions: () => Promise.reject(new Error('away')) } });
  await muted.review();
  assert.equal(store.mentionsIn('tea'), 3);
});
