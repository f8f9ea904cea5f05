/** What is typed behind `/poll`. */
/** @import { PollDraft } from './types.d.ts' */

/**
 * Of `Question | A | B` the question and the answers, or null where the text is no such command.
 * @param {string} text
 * @returns {PollDraft | null}
 */
export function pollCommand(text) {
  const rest = /^\/poll(?=\s|$)([^]*)$/.exec(text.trim())?.[1];
  if (rest === undefined) return null;
  const [question, ...answers] = rest.split('|').map((part) => part.trim());
  return { question, answers: answers.filter(Boolean), many: false };
}
