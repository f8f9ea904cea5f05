/** A command that becomes an event, sent by HTTP: where there is no socket, or the frame would be too large for it. */

/** Resolves once it is saved, or rejects with a Problem. */
export function postCommand(api, { room, key, ...command }) {
  const { do: what, text: msg, re } = command;
  return what === 'say' ? api.say(room, { msg, key, re }) : api.change(room, { ...command, key });
}

/** The `refused` event that the socket would bring for a command. */
export function refusalOf({ room, key }, { code, message, retryAfter }) {
  return { do: 'refused', room, key, code, message, ...(retryAfter ? { retry_after: retryAfter } : {}) };
}
