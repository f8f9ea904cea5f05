/** What was chosen about alerts in this browser: another device may stand in another room. */
import { browserStorage } from './storage.js';
/** @import { DeviceAlerts } from './types.d.ts' */

const NAME = 'alerts';

/** @returns {DeviceAlerts} */
export function deviceAlerts() {
  return { sound: true, volume: 0.4, native: false, ...browserStorage.get(NAME, {}) };
}

/** @param {Partial<DeviceAlerts>} changes */
export function setDeviceAlerts(changes) {
  browserStorage.set(NAME, { ...deviceAlerts(), ...changes });
}
