/** JSON values kept by the browser. Storage may be full, forbidden or missing: then nothing is kept. */
/** @import { Memory } from './types.d.ts' */
const PREFIX = 'hearth:';

/** For good. */
export const browserStorage = area(() => globalThis.localStorage);
/** As long as the tab is open. */
export const tabStorage = area(() => globalThis.sessionStorage);

/**
 * @param {() => Storage} open
 * @returns {Memory}
 */
function area(open) {
  return {
    get(/** @type {string} */ name, /** @type {any} */ fallback) {
      try {
        return JSON.parse(open().getItem(PREFIX + name) ?? 'null') ?? fallback;
      } catch {
        return fallback;
      }
    },
    set(name, value) {
      try {
        if (value === undefined) open().removeItem(PREFIX + name);
        else open().setItem(PREFIX + name, JSON.stringify(value));
      } catch {
        // The page works without memory.
      }
    },
  };
}
