/** One row of the message list -> one node. Rows come from `lib/timeline.js`; nothing here reads the store. */
import { initials, tint } from '../lib/avatar.js';
import { isMeant } from '../lib/mentions.js';
import { clock, full } from '../lib/time.js';
import { element } from './element.js';
import { fileBoxes } from './file-boxes.js';
import { iconNode } from './icon.js';
import { originLine } from './message-origin.js';
import { quoteLine } from './message-quote.js';
import { textBlock } from './message-text.js';
import { reactionChips } from './reaction-chips.js';
import { MARKERS } from './row-markers.js';
/** @import { Grouped, IsMuted, Message, OutboxEntry, Quote, Row, RowOf } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

const FITS = /^(?:[ -\u024f]{1,12}|[ -\u3000\u3041-\ud7a3]{1,6})$/; // a name that has room beside its time alone

/** @type {Record<Row['kind'], (row: any, context: RowContext) => HTMLElement>} */
const DRAW = { ...MARKERS, message: drawMessage, pending: drawPending };

/**
 * `me`: {who, name}; `unfolded`: by the id of a row, how many pieces of its long text were asked for; `muted(message)`:
 * whether it is not to be seen.
 * @param {Row} row
 * @param {RowContext} context
 * @returns {RowNode}
 */
export function drawRow(row, context) {
  return Object.assign(DRAW[row.kind](row, context), { row });
}

/**
 * @param {RowOf<'message'>} row
 * @param {RowContext} context
 */
function drawMessage(row, context) {
  const { me, unfolded, muted } = context;
  const { message, n } = row;
  const { by, who, at, bot, re } = message;
  const mine = Boolean(who) && who === me?.who;
  const node = drawFrame({ ...row, by, who, at, re, bot, verified: Boolean(who), muted });
  node.classList.toggle('mine', mine);
  node.dataset.n = String(n);
  if (message.erased) {
    node.append(element('p', { className: 'removed' }, 'This message was removed.'));
    if (row.replies) node.append(repliesLine(row.replies));
    return node;
  }
  if (row.removing) {
    node.classList.add('removing');
    node.append(element('div', { className: 'removed' }, 'This message is being removed.',
      button('undo-removal', 'Undo')));
    return node;
  }
  if (me && !mine && (isMeant(message.to, me.who) || row.quote?.who === me.who)) node.classList.add('mention');
  const [text, ...unfold] = textBlock(message, context, unfolded.get(row.id));
  if (message.fwd) node.append(originLine(message.fwd));
  node.append(...contents(message, text, unfold));
  if (message.edited) {
    const label = 'Edited: show what it said before';
    const edited = element('button', {
      type: 'button', className: 'edited', title: label, data: { act: 'versions' }, aria: { label },
    }, '(edited)');
    const last = text.lastElementChild;
    if (last?.tagName === 'P' && !unfold.length) last.append(' ', edited);
    else node.append(edited);
  }
  if (message.reactions.length) node.append(reactionChips(message.reactions, me));
  if (row.replies) node.append(repliesLine(row.replies));
  return node;
}

/**
 * @param {RowOf<'pending'>} row
 * @param {RowContext} context
 */
function drawPending(row, context) {
  const { entry } = row;
  const { me, unfolded } = context;
  const node = drawFrame({ ...row, by: entry.by, who: me?.who, at: entry.at, re: entry.re, verified: true });
  node.classList.add('mine', 'pending');
  node.dataset.key = entry.key;
  if (entry.text) node.append(...textBlock(entry, context, unfolded.get(row.id)));
  if (entry.files) node.append(element('hearth-sending-files', {}, entry.files.map(({ name }) => name).join(', ')));
  if (entry.state === 'failed') {
    node.classList.add('failed');
    node.append(element('div', { className: 'failure' },
      element('span', {}, iconNode('alert'), `Not sent. ${entry.why}`),
      button('retry', 'Try again'), button('edit-unsent', 'Edit'), button('discard', 'Remove')));
  } else if (!entry.tried) {
    node.setAttribute('aria-live', 'off');
    node.append(element('div', { className: 'sending fresh waiting' }, iconNode('clock'), waitsFor(entry),
      button('edit-unsent', 'Edit'), button('discard', 'Remove')));
  } else {
    node.setAttribute('aria-live', 'off'); // read out once it is said
    const [className, words] = entry.late
      ? ['sending', 'Still sending. Hearth is slow to answer, and your message is kept.']
      : ['sending fresh', 'Sending'];
    node.append(element('div', { className }, iconNode('clock'), words));
  }
  return node;
}

/** @param {OutboxEntry} entry */
function waitsFor({ files }) {
  return files?.some(({ done }) => !done) ? 'Goes out once its files are there' : 'Sending later';
}

/**
 * Avatar, name and time; within a group of messages only a time that shows on hover.
 * @param {Grouped & {
 *   more: boolean, apart: boolean, quote: Quote | null, verified: boolean, muted?: IsMuted,
 * }} message
 */
function drawFrame({ by, who, at, more, apart, re, quote, verified, bot, muted }) {
  const node = element('article', { className: 'msg', tabIndex: -1 });
  node.classList.toggle('apart', apart);
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
  const colour = `tint-${tint(who ?? by)}`;
  const length = verified && !bot && FITS.test(by) ? '' : ' long';
  const data = { act: 'person' };
  node.append(
    element('span', { className: `avatar ${colour}`, aria: { hidden: 'true' }, data }, initials(by)),
    element('header', {},
      element('button', {
        type: 'button', className: `name ${colour}${length}`, dir: 'auto', title: by, tabIndex: -1, data,
      }, by),
      verified ? null : mark('unverified', 'Sent from outside the page, by nobody who proved this name'),
      bot ? mark('bot') : null,
      time),
  );
  return node;
}

/**
 * @param {Message} message
 * @param {HTMLElement} text
 * @param {HTMLElement[]} unfold
 */
function contents({ text: words, poll, files }, text, unfold) {
  if (poll) return [pollNode(text)];
  if (!files) return [text, ...unfold];
  return [...(words ? [text, ...unfold] : []), fileBoxes(files)];
}

/**
 * A poll; until what draws it is there, its text.
 * @param {HTMLElement} text
 */
function pollNode(text) {
  return element('hearth-poll', {}, text);
}

/** @param {number} count */
function repliesLine(count) {
  const words = count === 1 ? '1 reply' : `${count.toLocaleString('en')} replies`;
  return element('button', { type: 'button', className: 'thread-link', data: { act: 'thread' } },
    iconNode('thread'), element('bdi', {}, words));
}

/**
 * @param {string} act
 * @param {string} words
 */
function button(act, words) {
  return element('button', { type: 'button', data: { act } }, words);
}

/** @param {string} text */
function mark(text, title = '') {
  return element('span', { className: 'aside-mark', ...(title ? { title } : {}) }, text);
}
