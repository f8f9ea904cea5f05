/** The columns for rooms and people: which of them are shown, and where there is little width, open as a drawer. */
import { browserStorage } from '../lib/storage.js';
/** @import { Component } from './component.js' */
/** @import { Drawer } from './types.d.ts' */

const CLASSES = { rooms: 'side', people: 'aside', '': '' };

export class Drawers {
  /** @type {Drawer} */
  open = ''; // the one that is open
  #app;
  #peopleShown = browserStorage.get('people', true);
  #narrow = matchMedia('(max-width: 759px)');
  #middle = matchMedia('(max-width: 1100px)');

  /**
   * `app` is the element that holds them.
   * @param {Component} app
   */
  constructor(app) {
    this.#app = app;
    for (const query of [this.#narrow, this.#middle]) query.addEventListener('change', () => this.toggle(''));
    document.addEventListener('keydown', ({ key, defaultPrevented }) => {
      if (key === 'Escape' && this.open && !defaultPrevented && !app.querySelector('dialog[open]')) this.toggle('');
    });
  }

  get roomsShut() {
    return this.#narrow.matches && this.open !== 'rooms';
  }

  get peopleShut() {
    return this.#middle.matches ? this.open !== 'people' : !this.#peopleShown;
  }

  /** Whether people have a column of their own beside the conversation. */
  get peopleBeside() {
    return !this.#middle.matches && this.#peopleShown;
  }

  /**
   * Opens or closes a drawer, or closes both with ''; a column of people is shown or hidden.
   * @param {Drawer} name
   */
  toggle(name) {
    if (name === 'people' && !this.#middle.matches) {
      this.#peopleShown = !this.#peopleShown;
      browserStorage.set('people', this.#peopleShown);
    } else {
      const before = this.open;
      this.open = name === before ? '' : name;
      this.#app.update();
      if (this.open || before) queueMicrotask(() => this.#focus(before));
    }
    this.#app.update();
  }

  // Into the drawer, or back to the button that opened it.
  /** @param {Drawer} before */
  #focus(before) {
    const side = CLASSES[this.open];
    const opener = before === 'rooms' ? '.head .menu' : '.head .knob:last-child';
    this.#app.querySelector(side ? `.${side} button, .${side} a` : opener)?.focus();
  }
}
