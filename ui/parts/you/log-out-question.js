/** The confirmation before logging out, which says how to come back in. */
/** @import { Me } from '../../lib/types.d.ts' */

/**
 * What is asked of the person `me`; `everywhere`: all devices are logged out.
 * @param {Me} me
 * @param {boolean} everywhere
 */
export function logOutQuestion(me, everywhere) {
  const back = wayBack(me, everywhere);
  return everywhere ? {
    title: 'Log out everywhere?', yes: 'Log out everywhere',
    text: `All your devices are logged out, this one too, and your programs’ tokens end. ${back}`,
  } : {
    title: 'Log out here?', yes: 'Log out',
    text: `This browser forgets who you are. Your messages stay. ${back}`,
  };
}

// Without a password, coming back takes somebody who can confirm who it is.
/**
 * @param {Me} me
 * @param {boolean} everywhere
 */
function wayBack({ account, host, name }, everywhere) {
  if (account) return 'You come back with your name and password.';
  const judges = [host ? '' : 'the host', everywhere ? '' : 'another device of yours'].filter(Boolean).join(' or ');
  const back = judges
    ? `you come back as “${name}” only if ${judges} lets you in`
    : `nobody can then let you in as “${name}” again`;
  return `“${name}” has no password: ${back}. To come back by yourself, protect the name first.`;
}
