/** What parts may ask for and wait for: name -> deed. They know no network, and the deeds know no page. */
export function wishes(chat, { ask, go }) {
  const { account, desk, places } = chat;
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
    leave: ({ everywhere }) => chat.door.leave({ everywhere }),

    room: ({ name }) => places.details(name),
    change: ({ name, command }) => places.change(name, command),
    part: ({ name }) => places.leave(name),
    'remove-room': ({ name }) => places.remove(name),
    'make-room': (room) => places.make(room).then(go),
    message: ({ who }) => places.direct(who).then(go),

    'answer-return': ({ id, yes }) => chat.door.returning.answer(id, yes),

    look: ({ on }) => desk.look(on),
    deed: (deed) => desk.act(deed),
  };
}
