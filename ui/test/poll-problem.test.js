import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pollProblem } from '../lib/poll-problem.js';

const poll = (question, ...answers) => pollProblem({ question, answers, many: false })?.text ?? '';
const place = (question, ...answers) => pollProblem({ question, answers, many: false })?.at;

test('what can be no poll says why', () => {
  assert.equal(poll('Tea?', 'yes', 'no', ' '), '');
  assert.match(poll(' ', 'yes', 'no'), /Ask something/);
  assert.match(poll('x'.repeat(301), 'yes', 'no'), /more than 300/);
  assert.match(poll('Tea?', 'yes', ' '), /at least two/);
  assert.match(poll('Tea?', ...Array.from({ length: 23 }, (_, n) => `${n}`)), /at most 20 answers: 3 are too many/);
  assert.match(poll('Tea?', 'yes', 'x'.repeat(201)), /“x+…” has more than 200/);
  assert.match(poll('Tea?', 'yes', 'no', ' yes '), /“yes” is there twice/);
});

test('what is wrong is told with its place', () => {
  assert.equal(place(' ', 'yes', 'no'), 'question');
  assert.equal(place('x'.repeat(301), 'yes', 'no'), 'question');
  assert.equal(place('Tea?', ' ', 'yes'), 0);
  assert.equal(place('Tea?', 'yes', ' '), 1);
  assert.equal(place('Tea?'), 0);
  assert.equal(place('Tea?', ...Array.from({ length: 21 }, (_, n) => `${n}`)), 20);
  assert.equal(place('Tea?', 'yes', '', 'x'.repeat(201)), 2);
  assert.equal(place('Tea?', 'yes', '', '', 'no', 'yes '), 4);
  assert.equal(place('Tea?', 'yes', 'no'), undefined);
});
