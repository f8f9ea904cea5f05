/** The base of everything with something to fill in: one try at a time, and what the hub said about the last one. */
import { html } from '../vendor/lit.js';
import { Part } from './part.js';

export class Face extends Part {
  busy = false;
  fault = '';

  /**
   * Runs `act()`; gives its answer (or true), or false when it was refused, and then says why. While another one runs
   * it does nothing, so that nothing is sent twice; `patient` ones wait for their turn.
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

  #running = null;

  async #run(act) {
    try {
      return (await act()) ?? true;
    } catch (problem) {
      if (!problem.code) throw problem; // ours, not the hub's
      this.fault = problem.message;
      return false;
    } finally {
      this.busy = false;
      this.update();
      setTimeout(() => this.#rescue());
    }
  }

  // What was pressed may be gone by now: the focus stays in the card instead of falling out of it.
  #rescue() {
    const dialog = this.closest('dialog') ?? this.querySelector('dialog');
    if (dialog?.open && document.activeElement === document.body) dialog.querySelector('h2')?.focus();
  }

  faultLine(id = `${this.localName}-fault`) {
    return html`<p class="fault" role="alert" id=${id} ?hidden=${!this.fault}>${this.fault}</p>`;
  }
}
