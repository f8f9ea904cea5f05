/**
 * The one part of this name in the page, to call what it alone can do.
 * @param {string} name
 * @returns {any}
 */
export const part = (name) => document.querySelector(`hearth-${name}`);
