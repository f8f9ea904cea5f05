/** What this browser remembers. Storage may be full, forbidden or missing: then nothing is remembered. */
const PREFIX = 'hearth:';

export const browserStorage = area(() => globalThis.localStorage);
export const tabStorage = area(() => globalThis.sessionStorage);

function area(open) {
  return {
    get(name, fallback) {
      try {
        return JSON.parse(open().getItem(PREFIX + name)) ?? fallback;
      } catch {
        return fallback;
      }
    },
    set(name, value) {
      try {
        if (value === undefined) open().removeItem(PREFIX + name);
        else open().setItem(PREFIX + name, JSON.stringify(value));
      } catch {
        // Nothing to do: the page works without memory.
      }
    },
  };
}
