/** What can be a poll. The hub asks for the same. */
/** @import { PollDraft } from './types.d.ts' */

export const MOST = 20; // answers
export const QUESTION = 300; // letters
export const ANSWER = 200; // letters

/**
 * Why this is no poll yet, as a sentence, and where: in the question, else the place of an answer. Null where it is
 * one.
 * @param {PollDraft} draft
 * @returns {{ text: string, at: number | 'question' } | null}
 */
export function pollProblem({ question, answers }) {
  const all = answers.map((answer) => answer.trim());
  const given = all.filter(Boolean).length;
  const asked = question.trim().length;
  if (!asked) return { text: 'Ask something first.', at: 'question' };
  if (asked > QUESTION) return { text: `The question has more than ${QUESTION} letters.`, at: 'question' };
  if (given < 2) return { text: 'Give at least two answers.', at: Math.max(0, all.indexOf('')) };
  if (given > MOST) {
    return { text: `A poll has at most ${MOST} answers: ${given - MOST} are too many.`, at: all.length - 1 };
  }
  const long = all.findIndex((answer) => answer.length > ANSWER);
  if (long >= 0) {
    return { text: `The answer “${all[long].slice(0, 20)}…” has more than ${ANSWER} letters.`, at: long };
  }
  const twice = all.findIndex((answer, at) => answer && all.indexOf(answer) < at);
  return twice < 0 ? null : { text: `The answer “${all[twice]}” is there twice.`, at: twice };
}
