/**
 * The rows of a message list, in order: days, gaps, the "new" divider, messages, and what is still being sent. Pure.
 */
import { day } from './time.js';

const GROUPED = 5 * 60 * 1000; // ms: messages closer than this by one person form one group

/**
 * `order`: the `n` of all events held, ascending; `message(n)`: the message or undefined;
 * `divider`: the "new" line stands after this `n` (0: none); `start`: the first event of the room is held;
 * `info`: {kind, title} of the room; `muted(message)`: whether it folds to one row with the muted ones beside it.
 */
export function timeline({
  order, message, quote, divider = 0, start = false, pending = [], me = '', info = {}, muted = () => false,
}) {
  const rows = [start
    ? { id: 'start', kind: 'start', empty: !order.length && !pending.length, info }
    : { id: 'earlier', kind: 'earlier' }];
  let last = null; // the message above, while the next one may continue its group
  let lastDay = '';
  let before = start ? 0 : (order[0] ?? 1) - 1;
  let divided = !divider || (order[0] ?? 1) > divider + 1; // or the unread messages begin before those held

  for (const n of order) {
    if (n > before + 1) {
      rows.push({ id: `gap${n}`, kind: 'gap', count: n - before - 1 });
      last = null;
    }
    before = n;
    const item = message(n);
    if (!item) continue;
    const itemDay = day(item.at);
    if (itemDay !== lastDay) {
      rows.push({ id: `day${itemDay}.${n}`, kind: 'day', at: item.at });
      lastDay = itemDay;
      last = null;
    }
    const hidden = item.do === 'say' && !isMine(item, me) && muted(item);
    if (!divided && n > divider && item.do === 'say' && !isMine(item, me) && !hidden) {
      rows.push({ id: 'new', kind: 'new' });
      divided = true;
      last = null;
    }
    if (hidden) {
      foldMuted(rows, item);
      last = null;
      continue;
    }
    if (item.do !== 'say') {
      rows.push({ id: `note${n}`, kind: 'note', n, message: item });
      last = null;
      continue;
    }
    const quoted = item.re ? quote(item.re) : null;
    rows.push({ id: `n${n}`, kind: 'message', n, message: item, more: continues(last, item), quote: quoted });
    last = item;
  }
  for (const entry of pending) {
    const item = { by: entry.by, who: me, at: entry.at, re: entry.re };
    const quoted = entry.re ? quote(entry.re) : null;
    rows.push({ id: `key${entry.key}`, kind: 'pending', entry, more: continues(last, item), quote: quoted });
    last = item;
  }
  return rows;
}

/** Whether a row that is drawn still shows what `row` says. */
export function sameRow(drawn, row) {
  return drawn.kind === row.kind && drawn.message === row.message && drawn.entry === row.entry
    && drawn.more === row.more && drawn.quote === row.quote && drawn.count === row.count && drawn.empty === row.empty
    && drawn.info?.title === row.info?.title && drawn.info?.kind === row.info?.kind;
}

// One row for all that a muted person says until somebody else does.
function foldMuted(rows, { n, by, who }) {
  const above = rows[rows.length - 1];
  if (above.kind === 'muted' && above.who === who && above.by === by) {
    above.all.push(n);
    above.count += 1;
  } else {
    rows.push({ id: `muted${n}`, kind: 'muted', all: [n], count: 1, by, who });
  }
}

function continues(last, item) {
  return Boolean(last && !item.re && last.who === item.who && last.by === item.by && last.bot === item.bot
    && new Date(item.at) - new Date(last.at) < GROUPED);
}

function isMine(item, me) {
  return Boolean(me) && item.who === me;
}
