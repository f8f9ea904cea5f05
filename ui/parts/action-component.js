/** The base of parts that have something done: one action at a time, and what the hub said about the last one. */
import { html } from '../vendor/lit.js';
import { Component } from './component.js';
import { nextTo, placeOf } from './focus-rescue.js';
/** @import { Place } from './focus-rescue.js' */

export class ActionComponent extends Component {
  busy = false;
  fault = '';
  /** @type {Promise<unknown> | null} */
  #running = null;

  /**
   * Runs `act()`; resolves to its result (or true), or to false when it was refused, and then shows why. While another
   * one runs it does nothing, so that nothing is sent twice; with `patient` it waits for its turn.
   * @param {() => unknown} act
   * @param {{ patient?: boolean }} [options]
   * @returns {Promise<unknown>}
   */
  async attempt(act, { patient = false } = {}) {
    while (this.busy) {
      if (!patient) return false;
      await this.#running;
    }
    Object.assign(this, { busy: true, fault: '' });
    this.update();
    this.#running = this.#run(act);
    return this.#running;
  }

  /** @param {() => unknown} act */
  async #run(act) {
    const place = placeOf(document.activeElement);
    try {
      return (await act()) ?? true;
    } catch (problem) {
      if (!problem.code) throw problem; // an error of the page, not a refusal of the hub
      this.fault = problem.message;
      return false;
    } finally {
      this.busy = false;
      this.update();
      setTimeout(() => this.#rescueFocus(place));
    }
  }

  // What was pressed may be gone: the focus goes to the same button of the next row, else it stays in the card.
  /** @param {Place | null} place */
  #rescueFocus(place) {
    const dialog = place ? place.dialog : this.closest('dialog') ?? this.querySelector('dialog');
    if (document.activeElement !== document.body || (dialog && !dialog.open)) return;
    const next = (place && nextTo(place)) ?? dialog?.querySelector('h2');
    if (next) next.focus();
    else this.raise('restore-focus');
  }

  faultLine(id = `${this.localName}-fault`) {
    return html`<p class="fault" role="alert" id=${id} ?hidden=${!this.fault}>${this.fault}</p>`;
  }
}
