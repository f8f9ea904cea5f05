/** Sends a command by HTTP: while polling, or where its frame would be too large for the socket. */
/** @import { Problem } from './api.js' */
/** @import { Api, Refusal, RoomCommand, Say } from './types.d.ts' */

/**
 * Resolves once it is saved, or rejects with a Problem.
 * @param {Api} api
 * @param {Say | RoomCommand} command
 */
export function postCommand(api, { room, key, ...command }) {
  if (command.do === 'say') {
    const { text, re, to, poll, files } = command;
    return api.say(room, { msg: text, key, re, to, poll, files });
  }
  return api.change(room, { ...command, key });
}

/**
 * The `refused` event that the socket would bring for a command.
 * @param {{ room: string, key?: string }} command
 * @param {Problem} problem
 * @returns {Refusal}
 */
export function refusalOf({ room, key }, { code, message, retryAfter }) {
  return { do: 'refused', room, key, code, message, ...(retryAfter ? { retry_after: retryAfter } : {}) };
}
