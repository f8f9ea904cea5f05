/** What parts may ask for and wait for: name -> deed. They know no network, and the deeds know no page. */
export function requestHandlers(chat, { ask, go }) {
  const { account, hostPanel, roomList } = chat;
  return {
    ask,
    people: ({ like }) => account.people(like),

    claim: ({ password }) => account.claim(password),
    rename: ({ name }) => account.rename(name),
    password: ({ old, fresh }) => account.password(old, fresh),
    devices: () => account.devices(),
    end: ({ device }) => account.end(device),
    phone: () => account.phone(),
    token: ({ purpose }) => account.token(purpose),
    leave: ({ everywhere }) => chat.session.leave({ everywhere }),

    room: ({ name }) => roomList.details(name),
    change: ({ name, command }) => roomList.change(name, command),
    part: ({ name }) => roomList.leave(name),
    'remove-room': ({ name }) => roomList.remove(name),
    'make-room': (room) => roomList.make(room).then(go),
    message: ({ who }) => roomList.direct(who).then(go),

    'answer-return': ({ id, yes }) => chat.session.recovery.answer(id, yes),

    look: ({ on }) => hostPanel.look(on),
    deed: (deed) => hostPanel.act(deed),
  };
}
