/** The whole page: which of its faces is shown, and around the conversation the columns and cards. */
import { store } from '../lib/store.js';
import { html } from '../vendor/lit.js';
import { Component } from './component.js';
import './composer.js';
import './connection-status.js';
import { Drawers } from './drawers.js';
import './entry/join-form.js';
import './entry/recovery-wait.js';
import { bannedPage, refusedPage, startingPage, waitingPage } from './entry/standalone.js';
import './message-list.js';
import './people-panel.js';
import './removal-line.js';
import './room-header.js';
import { roomProblem } from './room-problem.js';
import './room/pinned-line.js';
import './sidebar.js';
import './toasts.js';
/** @import { Drawer } from './types.d.ts' */

export class HearthApp extends Component {
  static topics = ['session', 'room', 'connection', 'thread'];
  #drawers = new Drawers(this);

  /**
   * Opens or closes a drawer; '' closes both.
   * @param {Drawer} name
   */
  drawer(name) {
    this.#drawers.toggle(name);
  }

  /**
   * Closes what lies over the conversation, a card or else a drawer, or all of it; says whether there was any.
   * @param {{ all?: boolean }} [options]
   */
  closeTop({ all = false } = {}) {
    /** @type {NodeListOf<HTMLDialogElement>} */
    const cards = document.querySelectorAll('dialog[open]');
    const top = [...cards].filter((card, at) => all || at === cards.length - 1);
    for (const card of top) card.close();
    const { open } = this.#drawers;
    if (all || !top.length) this.drawer('');
    return top.length > 0 || open !== '';
  }

  // A question may come up before anybody is in: a link asks who this browser is to be.
  view() {
    return html`${this.#face()}<hearth-question></hearth-question><hearth-toasts></hearth-toasts>`;
  }

  #face() {
    switch (store.phase) {
      case 'joining':
        return html`<hearth-join-form></hearth-join-form>`;
      case 'waiting':
        return waitingPage(() => this.raise('withdraw-join'));
      case 'recovering':
        return html`<hearth-recovery-wait></hearth-recovery-wait>`;
      case 'banned':
        return bannedPage();
      case 'refused':
        return refusedPage();
      case 'in':
        return this.#inside();
      default:
        return startingPage();
    }
  }

  #inside() {
    const { open, roomsShut, peopleShut, peopleBeside } = this.#drawers;
    const beside = [peopleBeside && 'with-people', store.thread && 'with-thread', open && `drawer-${open}`];
    return html`<div class="house ${beside.filter(Boolean).join(' ')}">
        <button type="button" class="button skip"
          @click=${() => this.querySelector('hearth-composer')?.focus()}>Skip to the message box</button>
        <nav class="side" aria-label="Rooms" ?inert=${roomsShut}><hearth-sidebar></hearth-sidebar></nav>
        <main class="talk" ?inert=${open !== '' || (roomsShut && store.thread !== null)}>
          <hearth-room-header ?people=${!peopleShut}></hearth-room-header>
          <hearth-connection-status></hearth-connection-status>
          <hearth-recovery-prompt aria-live="polite"></hearth-recovery-prompt>
          <hearth-welcome-line></hearth-welcome-line>
          ${this.#conversation()}
        </main>
        <aside class="aside" aria-label="People here"
          ?inert=${peopleShut}><hearth-people-panel></hearth-people-panel></aside>
        <hearth-thread-panel class="thread" role="complementary" aria-label="Thread"
          ?hidden=${!store.thread}></hearth-thread-panel>
        <div class="scrim" @click=${() => this.drawer('')}></div>
      </div>
      <hearth-you-card></hearth-you-card><hearth-host-card></hearth-host-card>
      <hearth-room-card></hearth-room-card><hearth-room-directory></hearth-room-directory>
      <hearth-pinned-card></hearth-pinned-card><hearth-person-card></hearth-person-card>
      <hearth-invite-card></hearth-invite-card><hearth-reactions-card></hearth-reactions-card>
      <hearth-emoji-picker></hearth-emoji-picker>
      <hearth-room-options></hearth-room-options><hearth-help-card></hearth-help-card>
      <hearth-versions-card></hearth-versions-card><hearth-poll-form></hearth-poll-form>
      <hearth-readers-card></hearth-readers-card><hearth-mentions-card></hearth-mentions-card>
      <hearth-welcome-card></hearth-welcome-card><hearth-forward-card></hearth-forward-card>
      <hearth-files-card></hearth-files-card><hearth-picture-viewer></hearth-picture-viewer>
      <hearth-file-menu></hearth-file-menu><hearth-voice-card></hearth-voice-card>`;
  }

  #conversation() {
    const problem = store.room?.problem;
    if (problem) return roomProblem(problem, () => this.raise('open-room', { room: 'general' }));
    return html`<hearth-pinned-line></hearth-pinned-line><hearth-message-list></hearth-message-list>
      <hearth-removal-line></hearth-removal-line><hearth-hint-line></hearth-hint-line>
      <hearth-selection-bar></hearth-selection-bar><hearth-composer></hearth-composer>`;
  }
}

customElements.define('hearth-app', HearthApp);
