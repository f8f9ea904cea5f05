import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubLink, placesIn } from '../lib/hub-links.js';
import { placeIn } from '../lib/url-fragment.js';

const HOSTS = new Set(['10.0.0.1:5000', 'hearth.local:5000']);
const link = (address) => hubLink(address, HOSTS, 'http://10.0.0.1:5000/general');

test('addresses of this hub lead to rooms, messages and people', () => {
  assert.deepEqual(link('http://10.0.0.1:5000/tea'), { room: 'tea', n: 0, person: '' });
  assert.deepEqual(link('http://hearth.local:5000/Tea#n=17'), { room: 'tea', n: 17, person: '' });
  assert.deepEqual(link('/tea#person=p_12ab'), { room: 'tea', n: 0, person: 'p_12ab' });
  assert.deepEqual(link('/%D7%AA%D7%94'), { room: 'תה', n: 0, person: '' });
});

test('other addresses stay what they are', () => {
  const others = [
    'http://10.0.0.2:5000/tea', 'http://10.0.0.1:5001/tea', 'https://example.org/tea', 'ftp://10.0.0.1:5000/tea', '/',
    'javascript:alert(1)', '/api/rooms', '/tea?x=1', '/tea#invite=x', '/tea#n=0', '/tea#n=x', '/a.b', '//evil/tea',
    'http://', '/%', '/tea#person=<b>', 'http://10.0.0.1:5000@evil/tea',
  ];
  for (const address of others.filter((each) => each !== '/%')) assert.equal(link(address), null, address);
});

test('a place in a room is a message or a person', () => {
  assert.deepEqual(placeIn('#n=17'), { n: 17, person: '' });
  assert.deepEqual(placeIn('#person=p_1'), { n: 0, person: 'p_1' });
  for (const hash of ['', '#', '#n=-1', '#n=1.5', '#n=9007199254740993', '#n=', '#person=x', '#ticket=y']) {
    assert.deepEqual(placeIn(hash), { n: 0, person: '' }, hash);
  }
});

test('rooms and addresses stand in a text as words of their own', () => {
  const written = (text) => placesIn(text).map((place) => place.written);
  assert.deepEqual(written('see #tea, (#night-shift) or /tea#n=17.'), ['#tea', '#night-shift', '/tea#n=17']);
  assert.deepEqual(written('请看#茶 and #תה'), ['#茶', '#תה']);
  assert.deepEqual(written('and/or a#b http://x/tea &#39; \\#tea ## # / //tea `#tea'), []);
  assert.equal(written('#a '.repeat(500)).length, 50);
  assert.deepEqual(placesIn('to #tea'), [{ index: 3, written: '#tea', address: '/tea' }]);
});
