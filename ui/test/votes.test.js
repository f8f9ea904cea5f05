import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Votes } from '../lib/votes.js';
import { said } from './fakes.js';

const vote = (n, who, ...choice) => ({ ...said(n, { who, by: who.toUpperCase() }), do: 'vote', of: 1, choice });

function told(...votes) {
  const poll = new Votes();
  poll.takeAll({ ended: false, last: 10, votes: votes.map(([who, ...choice]) => ({ who, name: who, choice })) });
  return poll;
}

const counts = (poll) => poll.tally(['x', 'y', 'z']).map(({ people }) => people.map(({ who }) => who).join(''));

test('the latest choice of each person counts', () => {
  const poll = told(['a', 1], ['b', 2, 3]);
  assert.deepEqual([counts(poll), poll.count], [['a', 'b', 'b'], 2]);
  assert.equal(poll.take(vote(11, 'a', 2)), true);
  assert.equal(poll.take(vote(12, 'c', 1)), true);
  assert.deepEqual([counts(poll), poll.of('a'), poll.of(undefined)], [['c', 'ab', 'b'], [2], []]);
  assert.equal(poll.take(vote(13, 'b')), true, 'takes it back');
  assert.deepEqual([counts(poll), poll.count], [['c', 'a', ''], 2]);
});

test('what is known already, or by nobody, changes nothing', () => {
  const poll = told(['a', 1]);
  assert.equal(poll.take(vote(10, 'a', 2)), false);
  assert.equal(poll.take({ ...vote(11, 'b', 2), who: undefined }), false);
  assert.equal(poll.take({ ...said(12), do: 'pin', of: 1 }), false);
  assert.deepEqual(counts(poll), ['a', '', '']);
});

test('after the end no vote counts', () => {
  const poll = told(['a', 1]);
  assert.equal(poll.take({ ...said(11), do: 'end', of: 1 }), true);
  assert.equal(poll.take(vote(12, 'b', 1)), false);
  assert.deepEqual([counts(poll), poll.ended], [['a', '', ''], true]);
});

test('an answer older than what came live is passed over', () => {
  const poll = told(['a', 1]);
  poll.take(vote(11, 'b', 1));
  poll.takeAll({ ended: false, last: 10, votes: [] });
  assert.equal(poll.count, 2);
});

test('nothing counts before it is known, and a choice that there is not counts for nothing', () => {
  assert.equal(new Votes().take(vote(1, 'a', 1)), false);
  assert.deepEqual(counts(told(['a', 9, 0])), ['', '', '']);
});

test('a first answer that is older than what came live meanwhile does not do', () => {
  const poll = new Votes();
  poll.take(vote(11, 'a', 1));
  poll.takeAll({ ended: false, last: 10, votes: [] });
  assert.deepEqual([poll.ready, poll.stale], [false, true]);
  poll.takeAll({ ended: false, last: 11, votes: [{ who: 'a', name: 'A', choice: [1] }] });
  assert.deepEqual([poll.ready, counts(poll)], [true, ['a', '', '']]);
});
