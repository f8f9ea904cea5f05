/** @import { Part, PartName } from './types.d.ts' */
/**
 * The one part of this name in the page, to call what it alone can do.
 * @template {PartName} N
 * @param {N} name
 * @returns {Part<N> | null}
 */
export const part = (name) => document.querySelector(`hearth-${name}`);
