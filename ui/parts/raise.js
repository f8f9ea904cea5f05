/** How parts say what the person wants. */
/** @import { Actions, Detail } from './types.d.ts' */

/**
 * Raises an action of `actions.js` by its name.
 * @template {keyof Actions} K
 * @param {Element} from
 * @param {K} name
 * @param {Detail<Actions[K]>} detail
 */
export function raise(from, name, ...detail) {
  from.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail: detail[0] ?? {} }));
}
