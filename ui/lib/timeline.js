/** The lines of a message list, in order: days, gaps, the "new" divider, messages, what is still being sent. Pure. */
import { day } from './time.js';

const APART = 5 * 60 * 1000; // messages closer than this by one person form one group

/**
 * `order`: the n of all events held, ascending; `message(n)`: the message or undefined;
 * `seen`: divider after this n (0: none); `start`: the first event of the room is held;
 * `place`: {kind, title} of the room; `muted(message)`: whether it folds to one line with what is muted beside it.
 */
export function timeline({ order, message, quote, seen = 0, start = false, pending = [], me = '', place = {}, muted = () => false }) {
  const out = [start ? { id: 'start', kind: 'start', empty: !order.length && !pending.length, place } : { id: 'earlier', kind: 'earlier' }];
  let last = null; // the message above, while it may be continued
  let lastDay = '';
  let before = start ? 0 : (order[0] ?? 1) - 1;
  let divided = !seen || (order[0] ?? 1) > seen + 1; // or what is unread begins before what is held

  for (const n of order) {
    if (n > before + 1) {
      out.push({ id: `gap${n}`, kind: 'gap', count: n - before - 1 });
      last = null;
    }
    before = n;
    const item = message(n);
    if (!item) continue;
    const itemDay = day(item.at);
    if (itemDay !== lastDay) {
      out.push({ id: `day${itemDay}.${n}`, kind: 'day', at: item.at });
      lastDay = itemDay;
      last = null;
    }
    const hidden = item.do === 'say' && !isMine(item, me) && muted(item);
    if (!divided && n > seen && item.do === 'say' && !isMine(item, me) && !hidden) {
      out.push({ id: 'new', kind: 'new' });
      divided = true;
      last = null;
    }
    if (hidden) {
      fold(out, item);
      last = null;
      continue;
    }
    if (item.do !== 'say') {
      out.push({ id: `note${n}`, kind: 'note', n, message: item });
      last = null;
      continue;
    }
    out.push({ id: `n${n}`, kind: 'message', n, message: item, more: continues(last, item), quote: item.re ? quote(item.re) : null });
    last = item;
  }
  for (const entry of pending) {
    const item = { by: entry.by, who: me, at: entry.at, re: entry.re };
    out.push({ id: `key${entry.key}`, kind: 'pending', entry, more: continues(last, item), quote: entry.re ? quote(entry.re) : null });
    last = item;
  }
  return out;
}

/** Whether a drawn row still shows what `row` says. */
export function sameRow(drawn, row) {
  return drawn.kind === row.kind && drawn.message === row.message && drawn.entry === row.entry
    && drawn.more === row.more && drawn.quote === row.quote && drawn.count === row.count && drawn.empty === row.empty
    && drawn.place?.title === row.place?.title && drawn.place?.kind === row.place?.kind;
}

// One line for all that a muted person says until somebody else does.
function fold(out, { n, by, who }) {
  const above = out[out.length - 1];
  if (above.kind === 'muted' && above.who === who && above.by === by) {
    above.all.push(n);
    above.count += 1;
  } else {
    out.push({ id: `muted${n}`, kind: 'muted', all: [n], count: 1, by, who });
  }
}

function continues(last, item) {
  return Boolean(last && !item.re && last.who === item.who && last.by === item.by && last.bot === item.bot
    && new Date(item.at) - new Date(last.at) < APART);
}

function isMine(item, me) {
  return Boolean(me) && item.who === me;
}
