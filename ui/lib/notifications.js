/** Notifications of the system: where browsers allow them, and of each room the latest one. */
/** @import { Alert, NotificationState } from './types.d.ts' */

const TRIAL = 1500; // ms within which a system that cannot show one has said so

/** Whether they are to be had here: `asked` and allowed, to be `asked`, or why not. @returns {NotificationState} */
export function notificationState() {
  if (!globalThis.isSecureContext) return 'insecure';
  if (!('Notification' in globalThis)) return 'missing';
  if (Notification.permission === 'denied') return 'denied';
  if (Notification.permission === 'granted') return 'allowed';
  try {
    new Notification(''); // shows nothing yet
    return 'askable';
  } catch {
    return 'missing'; // Chromium on Android lets only installed apps show them.
  }
}

/** Asks the browser to allow them; only after a press of a button. */
export async function askForNotifications() {
  if (notificationState() === 'askable') await Notification.requestPermission();
  return notificationState();
}

/** The address of the picture that they bear. */
export function pageIcon() {
  return /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="apple-touch-icon"]'))?.href;
}

/**
 * Shows one, and resolves to whether the system took it; `icon` is an address.
 * @param {string} [icon]
 */
export async function tryNotification(icon) {
  try {
    const shown = new Notification('Hearth', { body: 'This is how Hearth calls you.', icon, silent: true });
    return await new Promise((done) => {
      shown.onerror = shown.onclose = () => done(false);
      shown.onclick = () => shown.close();
      setTimeout(() => done(true), TRIAL);
    });
  } catch {
    return false;
  }
}

export class Notifications {
  #open;
  #icon;
  /** @type {Map<string, { shown: Notification, counted: boolean }>} */
  #shown = new Map(); // by room

  /**
   * `open(room, n)` is called when somebody clicks on one, with the message; `icon` is an address.
   * @param {{ open: (room: string, n: number) => void, icon?: string }} parts
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
  show({ room, n, title, by, kind, words }, text) {
    if (notificationState() !== 'allowed') return;
    const where = kind === 'direct' ? by : `${by} in ${title}`;
    const body = text ? words : '';
    const options = { body, icon: this.#icon, tag: `hearth ${room}`, renotify: true, silent: true };
    try {
      const shown = new Notification(text ? where : 'A new message for you', options);
      shown.onclick = () => {
        globalThis.focus?.();
        this.#open(room, n);
        shown.close();
      };
      this.#shown.set(room, { shown, counted: false });
    } catch {
      // Chromium on Android lets only installed apps show them.
    }
  }

  /**
   * Takes back those of rooms in which nothing is unread any more. What a room has unread may be counted only after its
   * notification is shown: until then that one stays.
   * @param {(room: string) => number} unread
   */
  clear(unread) {
    for (const [room, each] of this.#shown) {
      const left = unread(room);
      each.counted ||= left > 0;
      if (left || !each.counted) continue;
      each.shown.close();
      this.#shown.delete(room);
    }
  }
}
