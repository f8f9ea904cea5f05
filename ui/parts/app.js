/** The whole page: which of its faces is shown, and which drawer is open. */
import { browserStorage } from '../lib/storage.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';
import './entry/recovery-wait.js';
import './composer.js';
import './connection-status.js';
import './invite-card.js';
import './question.js';
import './toasts.js';
import './entry/join-form.js';
import './room-header.js';
import './host/host-card.js';
import './message-list.js';
import { banned, out, waiting } from './entry/standalone.js';
import './people-panel.js';
import './person-card.js';
import './room/room-card.js';
import './room/room-directory.js';
import './room/pinned-card.js';
import './room/pinned-line.js';
import './recovery-prompt.js';
import './sidebar.js';
import './you/you-card.js';

class HearthApp extends Component {
  static topics = ['phase', 'room', 'connection'];
  #drawer = '';
  #people = browserStorage.get('people', true);
  #narrow = matchMedia('(max-width: 759px)');
  #middle = matchMedia('(max-width: 1100px)');

  connectedCallback() {
    super.connectedCallback();
    for (const query of [this.#narrow, this.#middle]) query.addEventListener('change', () => this.drawer(''));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#drawer && !event.defaultPrevented && !this.querySelector('dialog[open]')) this.drawer('');
    });
  }

  /** Opens the drawer `rooms` or `people`, or closes both; where people have their column, that is shown or put away. */
  drawer(name) {
    if (name === 'people' && !this.#middle.matches) {
      this.#people = !this.#people;
      browserStorage.set('people', this.#people);
    } else {
      const before = this.#drawer;
      this.#drawer = name === before ? '' : name;
      this.update();
      if (this.#drawer || before) queueMicrotask(() => this.#focusDrawer(before));
    }
    this.update();
  }

  #focusDrawer(before) {
    const target = this.#drawer ? `.${SIDES[this.#drawer]} button, .${SIDES[this.#drawer]} a` : before === 'rooms' ? '.head .menu' : '.head .knob:last-child';
    this.querySelector(target)?.focus();
  }

  // A question may come up before anybody is in: a link asks who this browser is to be.
  view() {
    return html`${this.#face()}<hearth-question></hearth-question><hearth-toasts></hearth-toasts>`;
  }

  #face() {
    switch (store.phase) {
      case 'gate':
        return html`<hearth-join-form></hearth-join-form>`;
      case 'waiting':
        return waiting((name) => this.raise(name));
      case 'asking':
        return html`<hearth-recovery-wait></hearth-recovery-wait>`;
      case 'banned':
        return banned();
      case 'out':
        return out();
      case 'in':
        return this.#house();
      default:
        return html`<main class="lone late" aria-busy="true">${icon('mark', 'mark')}
          ${store.connection === 'gone' ? html`<h1>Hearth cannot be reached</h1><p>Is the computer that runs it on, and on this network? This page keeps trying.</p>` : nothing}</main>`;
    }
  }

  #house() {
    const roomsShut = this.#narrow.matches && this.#drawer !== 'rooms';
    const wide = !this.#middle.matches;
    const peopleShut = wide ? !this.#people : this.#drawer !== 'people';
    const problem = store.room?.problem;
    return html`<div class="house ${wide && this.#people ? 'with-people' : ''} ${this.#drawer ? `drawer-${this.#drawer}` : ''}">
        <button type="button" class="button skip" @click=${() => this.querySelector('hearth-composer')?.focus()}>Skip to the message box</button>
        <nav class="side" aria-label="Rooms" ?inert=${roomsShut}><hearth-sidebar></hearth-sidebar></nav>
        <main class="talk" ?inert=${this.#drawer !== ''}>
          <hearth-room-header ?people=${!peopleShut}></hearth-room-header>
          <hearth-connection-status></hearth-connection-status>
          <hearth-recovery-prompt></hearth-recovery-prompt>
          ${problem ? this.#refused(problem) : html`<hearth-pinned-line></hearth-pinned-line><hearth-message-list></hearth-message-list><hearth-composer></hearth-composer>`}
        </main>
        <aside class="aside" aria-label="People here" ?inert=${peopleShut}><hearth-people-panel></hearth-people-panel></aside>
        <div class="scrim" @click=${() => this.drawer('')}></div>
      </div>
      <hearth-you-card></hearth-you-card><hearth-host-card></hearth-host-card><hearth-room-card></hearth-room-card><hearth-room-directory></hearth-room-directory><hearth-pinned-card></hearth-pinned-card><hearth-person-card></hearth-person-card>
      <hearth-invite-card></hearth-invite-card>`;
  }

  #refused(problem) {
    const back = (event) => {
      event.preventDefault();
      this.raise('open', { room: 'general' });
    };
    return html`<div class="lone">${icon('mark', 'mark')}
      <h2>${problem.code === 'no_such_room' ? 'There is no such room' : problem.status === 403 || problem.code === 'not_allowed' ? 'You may not enter this room' : 'This room cannot be opened'}</h2>
      <p dir="auto">${problem.code === 'no_such_room' ? 'Perhaps it was deleted, or it is only for people who were invited.' : problem.message}</p><p><a class="button" href="/general" @click=${back}>Go to general</a></p></div>`;
  }
}

const SIDES = { rooms: 'side', people: 'aside' };

customElements.define('hearth-app', HearthApp);
