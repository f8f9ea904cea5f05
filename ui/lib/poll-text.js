/** What is typed behind `/poll`, and what can be a poll. The hub asks for the same. */
/** @import { PollDraft } from './types.d.ts' */

export const MOST = 20; // answers
export const QUESTION = 300; // letters
export const ANSWER = 200; // letters

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

/**
 * Why this is no poll yet, as a sentence, or ''.
 * @param {PollDraft} draft
 */
export function pollProblem({ question, answers }) {
  const given = answers.map((answer) => answer.trim()).filter(Boolean);
  if (!question.trim()) return 'Ask something first.';
  if (question.trim().length > QUESTION) return `The question has more than ${QUESTION} letters.`;
  if (given.length < 2) return 'Give at least two answers.';
  if (given.length > MOST) return `A poll has at most ${MOST} answers: ${given.length - MOST} are too many.`;
  const long = given.find((answer) => answer.length > ANSWER);
  if (long) return `The answer “${long.slice(0, 20)}…” has more than ${ANSWER} letters.`;
  const twice = given.find((answer, at) => given.indexOf(answer) < at);
  return twice ? `The answer “${twice}” is there twice.` : '';
}
