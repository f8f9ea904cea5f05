/** Notifications of the system: where browsers allow them, and of each room the latest one. */
/** @import { Alert, NotificationState } from './types.d.ts' */

const LENGTH = 200; // characters of a message: systems show less

/** Whether they are to be had here: `asked` and allowed, to be `asked`, or why not. @returns {NotificationState} */
export function notificationState() {
  if (!globalThis.isSecureContext) return 'insecure';
  if (!('Notification' in globalThis)) return 'missing';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' ? 'allowed' : 'askable';
}

/** Asks the browser to allow them; only after a press of a button. */
export async function askForNotifications() {
  if (notificationState() === 'askable') await Notification.requestPermission();
  return notificationState();
}

export class Notifications {
  #open;
  #icon;
  /** @type {Map<string, Notification>} */
  #shown = new Map(); // by room

  /**
   * `open(room)` is called when somebody clicks on one; `icon` is an address.
   * @param {{ open: (room: string) => void, icon?: string }} parts
   */
  constructor({ open, icon }) {
    this.#open = open;
    this.#icon = icon;
  }

  /**
   * Shows that there is a message, in place of an earlier one of that room; without `text` nothing of it is told.
   * @param {Alert} alert
   * @param {boolean} text
   */
  show({ room, title, by, kind, words }, text) {
    if (notificationState() !== 'allowed') return;
    const where = kind === 'direct' ? by : `${by} in ${title}`;
    const body = text ? words.replace(/\|\|[^]+?\|\|/g, '▒▒▒').slice(0, LENGTH) : '';
    const options = { body, icon: this.#icon, tag: `hearth ${room}`, renotify: true, silent: true };
    try {
      const shown = new Notification(text ? where : 'A new message for you', options);
      shown.onclick = () => {
        globalThis.focus?.();
        this.#open(room);
        shown.close();
      };
      this.#shown.set(room, shown);
    } catch {
      // Chromium on Android lets only installed apps show them.
    }
  }

  /**
   * Takes back those of rooms that were read.
   * @param {(room: string) => boolean} isRead
   */
  clear(isRead) {
    for (const [room, shown] of this.#shown) {
      if (!isRead(room)) continue;
      shown.close();
      this.#shown.delete(room);
    }
  }
}
