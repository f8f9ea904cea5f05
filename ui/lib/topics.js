/** How views hear that something changed, or is to be shown. */
/** @import { RoomEvent } from './types.d.ts' */

export class Topics extends EventTarget {
  /**
   * Tells the views. Topics: session, recovery-requests, connection, room, messages, people, typing, outbox, removals,
   * rooms, host-panel, send-limits, mutes, pins, preferences, reads, status, presence, attached, uploads.
   * @param {string[]} topics
   */
  changed(...topics) {
    for (const topic of topics) this.dispatchEvent(new Event(topic));
  }

  /**
   * Calls `listener` for each change of one of the topics; returns the function that ends it.
   * @param {string[]} topics
   * @param {(event: CustomEvent) => void} listener
   */
  watch(topics, listener) {
    const heard = /** @type {EventListener} */ (listener);
    for (const topic of topics) this.addEventListener(topic, heard);
    return () => topics.forEach((topic) => this.removeEventListener(topic, heard));
  }

  /**
   * Shows one short sentence for a few seconds.
   * @param {string} text
   */
  notify(text) {
    this.dispatchEvent(new CustomEvent('notice', { detail: text }));
  }

  /**
   * Takes a notice back that no longer matters.
   * @param {string} text
   */
  retract(text) {
    this.dispatchEvent(new CustomEvent('retracted', { detail: text }));
  }

  /**
   * Tells of an event of a room that is held.
   * @param {RoomEvent} event
   */
  tell(event) {
    this.dispatchEvent(new CustomEvent('room-event', { detail: event }));
  }

  /**
   * Asks the message list to show message `n`, or with 0 the beginning of the room.
   * @param {number} n
   */
  scrollTo(n) {
    this.dispatchEvent(new CustomEvent('scroll-to', { detail: n }));
  }
}
