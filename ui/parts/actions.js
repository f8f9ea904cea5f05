/** What people do: each `hearth-…` event that a part raises, and what comes of it. */
import { copyText } from '../lib/clipboard.js';
import { dismissPin } from '../lib/dismissed-pins.js';
import { focusComposer, focusComposerFirst, restoreFocus } from './focus.js';
import { part } from './part.js';

/**
 * name -> handler of the event's detail. `request(name, detail)` is for what must be waited for, `go(room, {push})`
 * opens a room at its address, `card(name)` resolves to a card, or to null where it cannot be had.
 * @returns {Record<string, (detail: any) => unknown>}
 */
export function actions({ chat, connection, outbox, store, request, confirm, go, card }) {
  const notify = ({ message }) => store.notify(message);
  return {
    ...joining({ chat, notify }),
    ...messages({ chat, outbox, store, confirm }),
    ...cards({ chat, request, notify, card }),
    request: ({ name, detail, answer }) => answer(request(name, detail)),
    'open-room': ({ room }) => go(room, { push: true }),
    'forget-room': ({ room }) => {
      chat.roomList.forgetOpened(room);
      if (room === store.room?.name) go('general', { replace: true });
    },
    reconnect: () => connection.renew(),
    mute: ({ id, name }) => chat.mute(id, name),
    notice: ({ text }) => store.notify(text),
    drawer: ({ name }) => part('app').drawer(name),
    'focus-composer': () => focusComposer(),
    'restore-focus': () => restoreFocus(),
  };
}

function joining({ chat, notify }) {
  const { session } = chat;
  return {
    join: ({ form, ...given }) => session.join(given).then(focusComposer, (problem) => form.refused(problem)),
    login: ({ form, ...given }) => session.login(given).then(focusComposer, (problem) => form.refused(problem)),
    'clear-reason': () => session.clearReason(),
    recheck: () => session.recheck(),
    handover: (way) => session.handover.start(way),
    recover: ({ form, ...given }) => session.recover(given).catch((problem) => form.refused(problem)),
    'withdraw-recovery': () => session.recovery.withdraw().catch(notify),
    'withdraw-join': () => session.logOut().catch(notify),
  };
}

function messages({ chat, outbox, store, confirm }) {
  const attempt = (command) => chat.act(command).then(() => true, (problem) => {
    store.notify(problem.message);
    return false;
  });
  const erase = async ({ n, message }) => {
    const whose = message.who === store.me.who ? 'this message' : `this message by ${message.by}`;
    const text = 'Its text is deleted for everybody, also from the file. This cannot be undone.';
    const yes = await confirm({ title: `Remove ${whose}?`, text, yes: 'Remove' });
    if (yes) await attempt({ do: 'erase', of: message.n ?? n });
  };
  const copy = async ({ message, text }) => {
    const done = await copyText(text ?? message.text);
    store.notify(done ? 'Copied.' : 'This browser does not let Hearth copy.');
  };
  return {
    say: ({ text, re }) => chat.say(text, re),
    retry: ({ key }) => outbox.retry(key),
    discard: ({ key }) => outbox.remove(key),
    typing: () => chat.typing(),
    follow: ({ room, on }) => chat.follow(room, on),
    seen: () => chat.seen(),
    older: () => chat.history.more('older'),
    newer: () => chat.history.more('newer'),
    newest: () => chat.history.newest(),
    oldest: () => chat.history.goTo(0),
    jump: ({ n }) => chat.history.goTo(n),
    'need-quote': ({ n }) => chat.history.fetchQuote(n),
    'scroll-page': ({ direction }) => part('message-list').page(direction),
    reply: ({ message }) => part('composer').reply(message),
    edit: ({ message }) => part('composer').edit(message),
    save: ({ n, text }) => attempt({ do: 'edit', of: n, text }).then((taken) => part('composer')?.edited(taken)),
    react: ({ n, text }) => attempt({ do: 'react', of: n, text }),
    pin: ({ n }) => attempt({ do: 'pin', of: n }),
    'dismiss-pin': ({ n }) => dismissPin(store.room.name, n),
    topic: ({ text }) => attempt({ do: 'topic', text }),
    erase,
    copy,
  };
}

function cards({ chat, request, notify, card }) {
  return {
    'show-invite': async () => (await card('invite-card'))?.open(() => chat.invite()),
    'show-you': async ({ face = '' } = {}) => (await card('you-card'))?.open(face),
    'show-room': async ({ face, fresh }) => {
      if (fresh) focusComposerFirst();
      (await card('room-card'))?.open(face);
    },
    'show-person': async (person) => (await card('person-card'))?.show(person),
    'show-pinned': async () => (await card('pinned-card'))?.open(),
    'show-directory': async ({ face }) => (await card('room-directory'))?.open(face),
    'show-host': async () => (await card('host-card'))?.open(),
    'message-person': ({ who }) => request('message-person', { who }).catch(notify),
  };
}
