import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GESTURES, KEY_GROUPS } from '../lib/keys.js';

const UI = new URL('..', import.meta.url);
const NAMED = /\b(Enter|Escape|Tab|Home|End|PageUp|PageDown|ContextMenu|F\d+|Arrow(?:Up|Down|Left|Right))\b(?='|:)/g;
const entries = KEY_GROUPS.flatMap(({ keys }) => keys);
const HELD = ['Shift', 'Mod', 'Alt'];
// Where Enter or arrows are only kept from what they would do in a form, and where drawing goes by them.
const NOT_TOLD = ['parts/room/people-search.js', 'parts/frames.js'];

/** The keys that a module names, where it listens to any. */
function keysOf(name) {
  const text = readFileSync(new URL(name, UI), 'utf8');
  return /keydown|KeyboardEvent/.test(text) ? new Set(text.match(NAMED)) : new Set();
}

const modules = ['lib', 'parts'].flatMap((folder) => readdirSync(new URL(folder, UI), { recursive: true })
  .filter((file) => file.endsWith('.js')).map((file) => `${folder}/${file}`))
  .filter((name) => name !== 'lib/keys.js' && !NOT_TOLD.includes(name));

test('each key that a module handles is told, and each that is told is handled', () => {
  const told = new Map();
  for (const { by, press } of entries) {
    if (!by) continue;
    const named = press.flat().filter((key) => key.length > 1 && !HELD.includes(key));
    told.set(by, new Set([...(told.get(by) ?? []), ...named]));
  }
  const sorted = (keys) => [...keys ?? []].sort();
  for (const name of modules) assert.deepEqual(sorted(told.get(name)), sorted(keysOf(name)), name);
  assert.deepEqual([...told.keys()].filter((name) => !modules.includes(name)), []);
});

test('signs that are told stand in their modules', () => {
  for (const { by, press } of entries) {
    const signs = by ? press.flat().filter((key) => key.length === 1) : [];
    const text = by && readFileSync(new URL(by, UI), 'utf8');
    for (const sign of signs) assert.ok(text.includes(`'${sign}'`), `${by}: ${sign}`);
  }
});

test('nothing is told twice', () => {
  const does = [...entries.map((entry) => entry.does), ...GESTURES.map(([gesture]) => gesture)];
  assert.equal(new Set(does).size, does.length);
  assert.ok(entries.every(({ press }) => press.length && press.every((keys) => keys.length)));
});
