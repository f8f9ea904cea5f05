/**
 * Calls somebody who does not look at the page: by a flash of the title, a sound, a notification of the system. What is
 * said in the room on view comes with its text; of other rooms the hub tells that there is news, and it is asked for.
 */
import { deviceAlerts } from './alert-device.js';
import { alertLevel, alertSettings, isMeantForMe, isQuiet } from './alert-rules.js';
import { Notifications, pageIcon } from './notifications.js';
import { OneTab } from './one-tab.js';
import { saidText } from './said-text.js';
/** @import { Store } from './store.js' */
/** @import { Alert, Api, News, SayEvent } from './types.d.ts' */

const LENGTH = 200; // letters of a message in a notification: systems show less
const LATEST = 10; // events among which the message is looked for that made the news

/**
 * What alerts need: `flash(text)` shows a text in the title now and then, `chime(volume)` sounds, `open(room, n)` goes
 * to a message.
 * @typedef {{
 *   store: Store, api: Pick<Api, 'page'>, isAttentive: () => boolean, flash: (text: string) => void,
 *   chime: (volume: number) => unknown, open: (room: string, n: number) => void,
 * }} AlertParts
 */

/**
 * Alerts of this page.
 * @param {AlertParts} parts
 */
export function alertsFor(parts) {
  const icon = pageIcon();
  return new Alerts({ ...parts, tabs: new OneTab(), notifications: new Notifications({ open: parts.open, icon }) });
}

export class Alerts {
  #store;
  #api;
  #isAttentive;
  #tabs;
  #notifications;
  #flash;
  #chime;
  /** @type {Map<string, number>} */
  #told = new Map(); // room -> the `n` of the latest message that was told of

  /**
   * @param {Omit<AlertParts, 'open'> & {
   *   tabs: Pick<OneTab, 'acts' | 'settle'>, notifications: Pick<Notifications, 'show' | 'clear'>,
   * }} parts
   */
  constructor({ store, api, isAttentive, tabs, notifications, flash, chime }) {
    this.#store = store;
    this.#api = api;
    this.#isAttentive = isAttentive;
    this.#tabs = tabs;
    this.#notifications = notifications;
    this.#flash = flash;
    this.#chime = chime;
    store.watch(['rooms', 'session'], () => this.#clear());
  }

  /**
   * Somebody else said something.
   * @param {News} news
   */
  async news({ room, n, event, meant = false }) {
    if (this.#isAttentive()) {
      this.#tabs.settle(`${room} ${n}`);
      return;
    }
    const info = this.#store.roomInfo(room);
    const level = alertLevel(this.#store.preferences, info);
    if (this.#store.status?.busy) return; // not to be disturbed
    const isWanted = level === 'all' || (level === 'mentions' && (event || meant || info.kind === 'direct'));
    if (!isWanted || isQuiet(alertSettings(this.#store.preferences).quiet, new Date())) return;
    const told = this.#told.get(room) ?? 0;
    const message = event ?? (n > told ? await this.#find(room, n) : null);
    if (!message || message.n <= (this.#told.get(room) ?? 0)) return;
    if (level !== 'all' && !meant && !this.#isMeant(message, info.kind)) return;
    this.#told.set(room, message.n);
    const { by } = message;
    await this.#call({ room, n: message.n, kind: info.kind, title: info.title, by, words: saidText(message, LENGTH) });
  }

  /** @param {Alert} alert */
  async #call(alert) {
    const { flash, text } = alertSettings(this.#store.preferences);
    if (flash) this.#flash(text ? `${alert.by} wrote` : 'New message');
    if (!await this.#tabs.acts(`${alert.room} ${alert.n}`) || this.#isAttentive()) return;
    const { sound, volume, native } = deviceAlerts();
    if (sound) this.#chime(volume);
    if (!native) return;
    this.#notifications.show(alert, text);
    this.#clear();
  }

  #clear() {
    this.#notifications.clear((room) => this.#store.unreadIn(room));
  }

  /**
   * @param {SayEvent} message
   * @param {string} kind
   */
  #isMeant(message, kind) {
    const { me, room } = this.#store;
    const answered = message.re && room?.name === message.room ? room.quote(message.re) : null;
    return me !== null && isMeantForMe(message, { me, kind, answered });
  }

  /**
   * The latest message of somebody else, up to event `n` of a room that is not on view, which was not read.
   * @param {string} room
   * @param {number} n
   */
  async #find(room, n) {
    const { events } = await this.#api.page(room, { before: n + 1, limit: LATEST }).catch(() => ({ events: [] }));
    const read = this.#store.readUpTo(room) ?? 0;
    for (const event of events.reverse()) {
      const isOthers = event.n > read && event.who !== this.#store.me?.who && !this.#store.isMuted(event);
      if (event.do === 'say' && !event.erased && isOthers) return event;
    }
    return null;
  }
}
