/** What people say of themselves, in words. Pure. */
/** @import { Status } from './types.d.ts' */

/**
 * What stands before a status; '' for none.
 * @param {Status | null | undefined} status
 */
export function signOfStatus(status) {
  return status ? status.emoji || (status.text ? '💬' : '') : '';
}

/**
 * A status in one line.
 * @param {Status | null | undefined} status
 */
export function statusText(status) {
  if (!status) return '';
  return [status.text, status.busy ? 'do not disturb' : ''].filter(Boolean).join(', ') || status.emoji || '';
}
