/** One row of the message list -> one node. Rows come from `lib/rows`; nothing here reads the store. */
import { initials, tint } from '../lib/avatar.js';
import { mentions } from '../lib/mentions.js';
import { excerpt } from '../lib/long-text.js';
import { roomEventText } from '../lib/event-text.js';
import { isJumbo, snippet } from '../lib/markdown.js';
import { toNodes } from '../lib/markdown-dom.js';
import { clock, dayName, full } from '../lib/time.js';
import { iconNode } from './icon.js';
import { element } from './element.js';

/** `me`: {who, name}; `open`: by the id of a row how many pieces of its long text were asked for; `muted(message)`: whether it is not to be seen. */
export function draw(row, context) {
  const node = DRAW[row.kind](row, context);
  node.row = row;
  return node;
}

const UNBEGUN = 'This room is public: anybody here can open it. It begins with its first message. '
  + 'Looking for a private room? Open it from your list of rooms, or by its invitation.';

const BEGINNINGS = {
  public: (empty, { name }) => {
    if (!empty) return 'This is where the room begins.';
    return name === 'general' ? 'Nothing has been said here yet. Begin.' : UNBEGUN;
  },
  announcements: () => 'Announcements: everybody reads, chosen people write.',
  private: () => 'A private room. Only people who were invited see it.',
  direct: (empty, { title }) => `Only you and ${title} see what is said here.`,
};

const DRAW = {
  start: ({ empty, place }) => element('div', { className: 'start' }, iconNode('mark', 'mark'),
    element('h2', {}, element('bdi', {}, place.title)), element('p', {}, (BEGINNINGS[place.kind] ?? BEGINNINGS.public)(empty, place))),
  earlier: () => element('div', { className: 'earlier' }, element('div', { className: 'spinner late' })),
  day: ({ at }) => element('div', { className: 'day' }, element('time', { dateTime: at }, dayName(at))),
  new: () => element('div', { className: 'new' }, 'New'),
  gap: ({ count }) => element('p', { className: 'gap' }, count === 1 ? '1 message here cannot be read' : `${count} messages here cannot be read`),
  note: ({ message }) => element('p', { className: 'note', title: full(message.at) },
    ...roomEventText(message).map((part) => (typeof part === 'string' ? part : element('bdi', {}, part.named)))),
  muted: ({ by, count, all }) => element('p', { className: 'muted', data: { n: all[0] }, aria: { live: 'off' } }, iconNode('mute'),
    element('span', {}, element('bdi', {}, by), count === 1 ? ': 1 message, muted by you' : `: ${count} messages, muted by you`),
    element('button', { type: 'button', data: { act: 'unmute' }, aria: { label: `Show what ${by} said` } }, 'Show')),
  message: drawMessage,
  pending: drawPending,
};

function drawMessage(row, { me, open, muted }) {
  const { message, n } = row;
  const mine = Boolean(me?.who) && message.who === me.who;
  const node = frame({ ...row, by: message.by, who: message.who, at: message.at, verified: Boolean(message.who), bot: message.bot, muted });
  node.classList.toggle('mine', mine);
  node.dataset.n = n;
  if (message.erased) {
    node.append(element('p', { className: 'removed' }, 'This message was removed.'));
    return node;
  }
  if (!mine && mentions(message.text, me?.name)) node.classList.add('mention');
  const [text, ...button] = textBlock(message.text, open.get(row.id));
  node.append(text, ...button);
  if (message.edited) {
    const mark = element('span', { className: 'edited' }, '(edited)');
    const last = text.lastElementChild;
    if (last?.tagName === 'P' && !button.length) last.append(' ', mark);
    else node.append(mark);
  }
  if (message.reactions.length) node.append(chips(message.reactions, me));
  return node;
}

function drawPending(row, { me, open }) {
  const { entry } = row;
  const node = frame({ ...row, by: entry.by, who: me?.who, at: entry.at, verified: true });
  node.classList.add('mine', 'pending');
  node.dataset.key = entry.key;
  node.append(...textBlock(entry.text, open.get(row.id)));
  if (entry.state === 'failed') {
    node.classList.add('failed');
    node.append(element('div', { className: 'failure' },
      element('span', {}, iconNode('alert'), `Not sent. ${entry.why}`),
      element('button', { type: 'button', data: { act: 'retry' } }, 'Try again'),
      element('button', { type: 'button', data: { act: 'discard' } }, 'Remove')));
  } else {
    node.setAttribute('aria-live', 'off'); // read out once it is said
    node.append(entry.late
      ? element('div', { className: 'sending' }, iconNode('clock'), 'Still sending. Hearth is slow to answer, and your message is kept.')
      : element('div', { className: 'sending fresh' }, iconNode('clock'), 'Sending'));
  }
  return node;
}

// Avatar, name and time, or for a continued group only a time that shows on hover.
function frame({ by, who, at, more, quote, message, entry, verified, bot, muted }) {
  const node = element('article', { className: 'msg', tabIndex: -1 });
  const colour = `tint-${tint(who ?? by)}`;
  const re = (message ?? entry).re;
  if (re) {
    node.classList.add('replies');
    node.append(quoteLine(re, quote, Boolean(quote && muted?.(quote))));
  }
  const time = element('time', { dateTime: at, title: full(at) }, clock(at));
  if (more) {
    node.classList.add('more');
    node.append(time, element('span', { className: 'quiet', dir: 'auto' }, `${by}: `));
    return node;
  }
  node.append(
    element('span', { className: `avatar ${colour}`, aria: { hidden: 'true' }, data: { act: 'person' } }, initials(by)),
    element('header', {},
      element('button', { type: 'button', className: `name ${colour}`, dir: 'auto', title: by, tabIndex: -1, data: { act: 'person' } }, by),
      verified ? null : element('span', { className: 'aside-mark', title: 'Sent from outside the page, by nobody who proved this name' }, 'unverified'),
      bot ? element('span', { className: 'aside-mark' }, 'bot') : null,
      time),
  );
  return node;
}

function quoteLine(re, quote, muted) {
  const colour = quote ? `tint-${tint(quote.who ?? quote.by)}` : '';
  const line = element('button', { type: 'button', className: `quote ${colour}`, data: { act: 'jump', of: re } }, iconNode('reply'));
  if (!quote) line.append(element('span', {}, 'Reply to an earlier message'));
  else {
    line.append(
      element('b', { dir: 'auto', title: quote.by }, quote.by),
      element('span', { dir: 'auto' }, muted ? 'Muted by you' : quote.erased ? 'This message was removed.' : snippet(quote.text ?? '')),
    );
  }
  return line;
}

function chips(reactions, me) {
  return element('div', { className: 'chips' }, ...reactions.map(({ text, whos, names }) => {
    const many = names.length > 12 ? [...names.slice(0, 12), `${names.length - 12} more`] : names;
    return element('button', {
      type: 'button', className: 'chip', title: many.join(', '), data: { act: 'react', text },
      aria: { pressed: String(whos.includes(me?.who)), label: `${text} ${names.length}, ${many.join(', ')}` },
    }, text.slice(0, 16), element('span', { className: 'count' }, String(names.length)));
  }));
}

/** Draws the next piece of a long text where the row's button is; `open` pieces of it are asked for now. */
export function unfold(node, open) {
  const block = node.querySelector('.text');
  const { pieces, elements, label } = excerpt((node.row.message ?? node.row.entry).text, open);
  const piece = toNodes(pieces[pieces.length - 1], elements);
  block.setAttribute('aria-live', 'off'); // who asked goes there and reads
  if (open > 1) block.append(piece);
  else block.replaceChildren(piece); // the look at its beginning
  block.classList.remove('folded');
  if (label) node.querySelector('.unfold').textContent = label;
  else node.querySelector('.unfold').remove();
}

// The text, and the button for more of it where that is not all.
function textBlock(text, open = 0) {
  const { pieces, elements, label } = excerpt(text, open);
  const block = element('div', { className: isJumbo(text) ? 'text jumbo' : 'text', dir: 'auto' }, ...pieces.map((piece) => toNodes(piece, elements)));
  if (!label) return [block];
  block.classList.toggle('folded', !open);
  return [block, element('button', { type: 'button', className: 'unfold', data: { act: 'unfold' } }, label)];
}
