import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pollCommand } from '../lib/poll-text.js';

test('/poll takes a question and its answers', () => {
  assert.deepEqual(pollCommand('/poll Tea? | yes | no |'), { question: 'Tea?', answers: ['yes', 'no'], many: false });
  assert.deepEqual(pollCommand('  /poll'), { question: '', answers: [], many: false });
  assert.deepEqual(pollCommand('/poll\nTea?|a'), { question: 'Tea?', answers: ['a'], many: false });
  for (const text of ['/polls', 'a /poll', '/pol', 'poll', '']) assert.equal(pollCommand(text), null, text);
});
