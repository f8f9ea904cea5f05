/** The words of the join form, by what the hub asks for. */
import { store } from '../../lib/store.js';
/** @import { ProblemParts } from '../../lib/types.d.ts' */
/** @typedef {'join' | 'login'} Face */

/** Whether newcomers need an account. */
export function wantsPassword() {
  return store.hub.mode === 'login' && !store.browserIsHost;
}

export function leadText() {
  if (!wantsPassword()) return 'Choose the name that the others will see.';
  if (store.fromUrl.invite) return 'You are invited. Choose the name that the others will see, and a password.';
  return 'Only people with an account come in here. Choose a name and a password, then the host lets you in.';
}

/** @param {Face} face */
export function buttonText(face) {
  if (face === 'login') return 'Log in';
  if (!wantsPassword()) return 'Join';
  return store.fromUrl.invite ? 'Come in' : 'Ask to come in';
}

/**
 * The field that a Problem is about: code, password, name or ''.
 * @param {ProblemParts | null} problem
 */
export function fieldOf(problem) {
  const code = problem?.code ?? '';
  if (code.startsWith('code')) return 'code';
  if (code.startsWith('password') || code.startsWith('login')) return 'password';
  return code.startsWith('name') ? 'name' : '';
}

/**
 * What must be filled in first, as a Problem says it, or null. Without a field for it, `password` is undefined.
 * @param {{ name: string, password?: string }} given
 * @param {Face} face
 */
export function missing({ name, password }, face) {
  if (!name) return { code: 'name_invalid', message: 'Type a name first.' };
  if (password !== '') return null;
  return { code: 'password_needed', message: face === 'login' ? 'Type your password.' : 'Choose a password first.' };
}
