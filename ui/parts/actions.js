/** What people do: each `hearth-…` event that a part raises, and what comes of it. */
import { copyText } from '../lib/clipboard.js';
import { dismissPin } from '../lib/dismissed-pins.js';
import { pathOf } from '../lib/room-name.js';
import { composerFor, focusComposer, focusComposerFirst, focusOf, restoreFocus } from './focus.js';
import { laterPart } from './later.js';
import { part } from './part.js';
/** @import { Chat } from '../lib/chat.js' */
/** @import { OutboxEntry } from '../lib/types.d.ts' */
/** @import { ActionHandlers, Actions, Page } from './types.d.ts' */

/**
 * name -> handler of the event's detail, and of where it was raised.
 * @param {Page} page
 * @returns {ActionHandlers}
 */
export function actions(page) {
  const { chat, connection, store, request, go } = page;
  return {
    ...joining(page),
    ...messages(page),
    ...cards(page),
    ...files(page),
    request: ({ name, detail, answer }) => answer(request(name, detail)),
    'open-room': ({ room }) => go(room, { push: true }),
    'expect-room': ({ room }) => chat.expect(room),
    'open-message': ({ room, n }) => go(room, { push: true, n }),
    'forget-room': ({ room }) => {
      chat.roomList.forgetOpened(room);
      if (room === store.room?.name) go('general', { replace: true });
    },
    'rooms-drawn': ({ names }) => chat.roomWatch.show(names, store.rooms.size),
    'rooms-needed': ({ names }) => chat.roomList.need(names),
    'rooms-end': () => chat.roomList.more(),
    reconnect: () => connection.renew(),
    'show-presence': ({ who }) => chat.whereabouts.show(who),
    prefer: ({ patch }) => chat.preferences.change(patch),
    mute: ({ id, name }) => chat.mute(id, name),
    notice: ({ text }) => store.notify(text),
    // The people are where the thread is.
    drawer: ({ name }) => (name === 'people' && store.thread ? chat.openThread(0) : part('app')?.drawer(name)),
    'focus-composer': () => focusComposer(),
    'restore-focus': () => restoreFocus(),
  };
}

/** @param {Page} page */
function joining({ chat: { session }, store }) {
  const notify = (/** @type {Error} */ { message }) => store.notify(message);
  return /** @satisfies {Partial<ActionHandlers>} */ ({
    join: ({ form, ...given }) => session.join(given).then(focusComposer, (problem) => form.refused(problem)),
    login: ({ form, ...given }) => session.login(given).then(focusComposer, (problem) => form.refused(problem)),
    'clear-reason': () => session.clearReason(),
    recheck: () => session.recheck(),
    handover: (way) => session.handover.start(way),
    recover: ({ form, ...given }) => session.recover(given).catch((problem) => form.refused(problem)),
    'withdraw-recovery': () => session.recovery.withdraw().catch(notify),
    'withdraw-join': () => session.logOut().catch(notify),
  });
}

/** @param {Page} page */
function messages({ chat, outbox, store, confirm, attachments }) {
  /** @type {(...act: Parameters<Chat['act']>) => Promise<boolean>} */
  const attempt = (command) => chat.act(command).then(() => true, (problem) => {
    store.notify(problem.message);
    return false;
  });
  const erase = async (/** @type {Actions['erase']} */ { message }) => {
    const whose = message.who === store.me?.who ? 'this message' : `this message by ${message.by}`;
    const [what, where] = message.files ? ['Its text and files are', 'disk'] : ['Its text is', 'file'];
    const text = `${what} deleted for everybody, also from the ${where}. For a few seconds that can be undone.`;
    if (await confirm({ title: `Remove ${whose}?`, text, yes: 'Remove' })) chat.removals.add(message);
  };
  const copy = async (/** @type {Actions['copy']} */ { text }) => {
    const done = await copyText(text);
    store.notify(done ? 'Copied.' : 'This browser does not let Hearth copy.');
  };
  return /** @satisfies {Partial<ActionHandlers>} */ ({
    say: ({ text, ...more }) => chat.say(text, more),
    retry: ({ key }) => outbox.retry(key),
    discard: async ({ key }) => {
      const { files: unsent } = outbox.take(key) ?? {};
      if (unsent) (await attachments())?.cancel(unsent.map(({ id }) => id));
    },
    'edit-unsent': async ({ key }, from) => {
      const composer = composerFor(from);
      const hasFiles = outbox.entries().some((each) => each.key === key && each.files);
      const sender = hasFiles ? await attachments() : null; // first, or its files would belong to nothing meanwhile
      if (hasFiles && !sender) return;
      const entry = outbox.take(key);
      if (entry?.poll) composer?.makePoll(draftOfPoll(entry));
      else if (entry) composer?.takeBack(entry);
      if (entry?.files && composer) sender?.takeBack(entry.files, composer.place);
    },
    typing: () => chat.typing(),
    follow: ({ room, on }) => chat.follow(room, on),
    trim: ({ room, first, last }) => room.trim(first, last),
    seen: () => chat.seen(),
    older: () => chat.history.more('older'),
    newer: () => chat.history.more('newer'),
    newest: () => chat.history.newest(),
    oldest: () => chat.history.goTo(0),
    jump: ({ n }) => chat.history.goTo(n),
    'need-quote': ({ n }) => chat.history.fetchQuote(n),
    'scroll-page': ({ direction }) => part('message-list')?.page(direction),
    reply: ({ message }, from) => composerFor(from)?.reply(message),
    edit: ({ message }, from) => composerFor(from)?.edit(message),
    save: async ({ n, ...said }, from) => {
      const taken = await attempt({ do: 'edit', of: n, ...said });
      composerFor(from)?.edited(taken);
    },
    react: ({ n, room, text }) => attempt({ do: 'react', of: n, room, text }),
    pin: ({ n, message }) => attempt({ do: 'pin', of: n, room: message?.room }),
    'dismiss-pin': ({ n }) => store.room && dismissPin(store.room.name, n),
    topic: ({ text }) => attempt({ do: 'topic', text }),
    erase,
    'erase-all': ({ messages: all }) => all.forEach((message) => chat.removals.add(message)),
    'undo-removal': ({ n }) => store.room && chat.removals.undo(store.room.name, n),
    copy,
    'copy-link': async ({ message: { room, n } }) => copy({ text: `${await reachable(chat)}${pathOf(room)}#n=${n}` }),
  });
}

/** @param {Page} page */
function files({ store, attachments }) {
  return /** @satisfies {Partial<ActionHandlers>} */ ({
    'pick-files': async (_, from) => {
      const composer = composerFor(from);
      attachments(); // what sends them is there by the time that some are chosen
      if (composer) (await laterPart('file-menu'))?.begin(composer);
    },
    attach: async (chosen, from) => {
      const room = store.room?.name ?? '';
      (await attachments())?.add({ room, ...chosen });
      if (!chosen.room) focusOf(composerFor(from));
    },
    record: async ({ event, letGo }, from) => {
      if (await laterPart('voice-strip')) from.querySelector('hearth-voice-strip')?.press(event, letGo);
    },
    'end-recording': () => document.querySelectorAll('hearth-voice-strip').forEach((strip) => strip.end()),
    'drop-files': async ({ ids }) => (await attachments())?.cancel(ids),
    'resend-file': async ({ id, file }) => (await attachments())?.again(id, file),
    'keep-metadata': async ({ place, keep }) => (await attachments())?.keep(place, keep),
  });
}

// Where others reach the hub: an address of this computer alone leads them nowhere.
/** @param {Chat} chat */
async function reachable(chat) {
  if (!/^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname)) return location.origin;
  const { addresses } = await chat.invite().catch(() => ({ addresses: [] }));
  return new URL(addresses[0] ?? location.href).origin;
}

/** @param {Page} page */
function cards({ chat, store, request }) {
  return /** @satisfies {Partial<ActionHandlers>} */ ({
    'show-invite': async () => (await laterPart('invite-card'))?.open(() => chat.invite()),
    'show-you': async ({ face }) => (await laterPart('you-card'))?.open(face),
    'show-room': async ({ face, fresh }) => {
      if (fresh) focusComposerFirst();
      (await laterPart('room-card'))?.open(face);
    },
    'show-room-options': async ({ room }) => (await laterPart('room-options'))?.show(room),
    'show-person': async (person) => (await laterPart('person-card'))?.show(person),
    'show-pinned': async () => (await laterPart('pinned-card'))?.open(),
    'show-files': async () => (await laterPart('files-card'))?.open(),
    'show-picture': async (shown) => (await laterPart('picture-viewer'))?.show(shown),
    'show-readers': async ({ n }) => (await laterPart('readers-card'))?.show(n),
    'open-thread': async ({ n }) => (await laterPart('thread-panel')) && chat.openThread(n),
    'close-thread': () => chat.openThread(0),
    forward: async ({ messages: all }) => (await laterPart('forward-card'))?.begin(all),
    'need-poll': () => laterPart('poll'),
    'make-poll': async ({ draft, say }) => (await laterPart('poll-form'))?.begin(draft, say),
    select: async ({ message }) => (await laterPart('selection-bar'))?.begin(message),
    'show-mentions': async () => (await laterPart('mentions-card'))?.show(),
    'show-versions': async ({ n }) => (await laterPart('versions-card'))?.show(n),
    'show-directory': async ({ face }) => (await laterPart('room-directory'))?.open(face),
    'show-help': async () => (await laterPart('help-card'))?.open(),
    'show-welcome': async () => (await laterPart('welcome-card'))?.open(),
    'show-host': async () => (await laterPart('host-card'))?.open(),
    'show-reactions': async ({ message }) => (await laterPart('reactions-card'))?.show(message),
    'pick-emoji': async ({ anchor, taken }) => (await laterPart('emoji-picker'))?.open(anchor, taken),
    'message-person': ({ who }) => request('message-person', { who }).catch(({ message }) => store.notify(message)),
  });
}

/** @param {OutboxEntry} entry */
function draftOfPoll({ text, poll }) {
  return { question: text, answers: poll?.answers ?? [], many: poll?.many ?? false };
}
