/** Loads what calls somebody once there is news: a first visit does not wait for it. */
/** @import { AlertParts } from './alerts.js' */
/** @import { News } from './types.d.ts' */

/**
 * Gives what takes news.
 * @param {AlertParts} parts
 */
export function laterAlerts(parts) {
  /** @type {ReturnType<typeof load> | null} */
  let alerts = null;
  return async (/** @type {News} */ news) => {
    alerts ??= load(parts);
    try {
      await (await alerts).news(news);
    } catch {
      alerts = null; // the hub is away: the next news tries again
    }
  };
}

/** @param {AlertParts} parts */
async function load(parts) {
  const { alertsFor } = await import('./alerts.js');
  return alertsFor(parts);
}
