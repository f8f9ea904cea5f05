/** The requests that views may make and await, by name. Views know no network; the handlers know no DOM. */
/** @import { Chat } from './chat.js' */
/** @import { Api, Confirm, RequestHandlers } from './types.d.ts' */
/**
 * @param {Chat} chat
 * @param {Api} api
 * @param {{ confirm: Confirm, openRoom: (room: string) => void }} page
 */
export function requestHandlers(chat, api, { confirm, openRoom }) {
  const { hostPanel, roomActions, session } = chat;
  return /** @satisfies {RequestHandlers} */ ({
    confirm,
    'find-people': ({ like }) => api.people(like),
    'file-text': ({ room, id, bytes }) => api.fileText(room, id, bytes),
    'file-bytes': ({ room, id }) => api.fileBytes(room, id),
    'room-files': ({ room, before }) => api.files(room, { ...(before && { before }), limit: 60 }),
    readers: ({ room, n }) => api.readers(room, n),
    replies: ({ room, n, ...range }) => api.replies(room, n, range),
    forward: ({ room, n, to, key }) => api.forward(room, n, to, key).catch((problem) => {
      chat.roomList.refreshSoon(); // nothing may be said there any more, perhaps
      throw problem;
    }),
    direct: ({ who }) => roomActions.direct(who),
    message: async ({ room, n }) => {
      const { events } = await api.page(room, { after: n - 1, limit: 1 });
      return events.find((event) => event.n === n);
    },
    'own-hosts': () => api.invite('general').then(({ addresses }) => addresses.map((own) => new URL(own).host)),
    votes: ({ room, n }) => api.votes(room, n),
    act: ({ command }) => chat.act(command),
    mentions: ({ after }) => api.mentions(after),
    versions: ({ room, n }) => api.versions(room, n),
    'room-pages': ({ text, after, limit = 50 }) => api.rooms({
      limit: String(limit), ...(text && { find: text }), ...(after && { after }),
    }),
    'find-rooms': ({ text }) => chat.roomList.find(text),
    emoji: async () => {
      const { emojiLanguage } = await import('./emoji-language.js');
      return api.emoji(emojiLanguage(navigator.languages));
    },

    'set-password': ({ password }) => session.claim(password),
    'change-password': ({ old, fresh }) => api.changePassword(old, fresh),
    rename: ({ name }) => session.rename(name),
    'set-status': ({ status }) => api.setStatus(status),
    devices: () => api.devices(),
    'end-device': ({ device }) => api.endDevice(device),
    'link-device': () => api.linkDevice(),
    'make-token': ({ purpose }) => api.makeToken(purpose),
    'log-out': ({ everywhere }) => chat.removals.flush().then(() => session.logOut({ everywhere })),

    'room-details': ({ name }) => api.room(name),
    'change-room': ({ name, command }) => roomActions.change(name, command),
    'leave-room': ({ name }) => roomActions.leave(name),
    'delete-room': ({ name }) => roomActions.delete(name),
    'make-room': (room) => roomActions.make(room).then(openRoom),
    'message-person': ({ who }) => roomActions.direct(who).then(openRoom),

    'answer-recovery': ({ id, yes }) => session.recovery.answer(id, yes),

    'files-leaving': ({ room, ...keep }) => api.filesLeaving(room, keep),
    'file-space': () => api.fileSpace(),
    'found-files': () => api.foundFiles(),
    'share-found': (found) => api.shareFound(found),
    'watch-host-panel': ({ on }) => hostPanel.watch(on),
    invitation: () => chat.invite(),
    'host-action': async (action) => {
      const answer = await hostPanel.act(action);
      if (action.do === 'name' || action.do === 'mode') await session.refresh(); // what the hub is, for this page
      return answer;
    },
  });
}
