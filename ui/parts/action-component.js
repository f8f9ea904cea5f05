/** The base of everything with something to fill in: one try at a time, and what the hub said about the last one. */
import { html } from '../vendor/lit.js';
import { Component } from './component.js';

const ROW = 'li, .recovery';

export class ActionComponent extends Component {
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
    const place = placeOf(document.activeElement);
    try {
      return (await act()) ?? true;
    } catch (problem) {
      if (!problem.code) throw problem; // ours, not the hub's
      this.fault = problem.message;
      return false;
    } finally {
      this.busy = false;
      this.update();
      setTimeout(() => this.#rescue(place));
    }
  }

  // What was pressed may be gone by now: the focus goes to the same button of the next row, else it stays in the card.
  #rescue({ dialog = this.closest('dialog') ?? this.querySelector('dialog'), ...place }) {
    if (document.activeElement !== document.body || (dialog && !dialog.open)) return;
    const next = nextTo(place) ?? dialog?.querySelector('h2');
    if (next) next.focus();
    else this.raise('settle');
  }

  faultLine(id = `${this.localName}-fault`) {
    return html`<p class="fault" role="alert" id=${id} ?hidden=${!this.fault}>${this.fault}</p>`;
  }
}

// Where a button stands: the row, which one of its list that is, and which button of the row.
function placeOf(button) {
  const row = button?.closest(ROW);
  if (!row) return {};
  const list = row.parentElement;
  return { row, list, at: [...list.children].indexOf(row), nth: buttonsOf(row).indexOf(button), dialog: row.closest('dialog') };
}

// The button that takes the place of one that is gone, where there is one.
function nextTo({ row, list, at, nth }) {
  if (!list?.isConnected) return undefined;
  if (row.isConnected) return buttonsOf(row)[0];
  const rows = [...list.children].filter((other) => other.matches(ROW));
  const buttons = buttonsOf(rows[Math.min(at, rows.length - 1)]);
  return buttons[Math.min(nth, buttons.length - 1)];
}

function buttonsOf(row) {
  return [...(row?.querySelectorAll('button') ?? [])];
}
