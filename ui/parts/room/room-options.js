/** The card of what somebody sets for one room in their own list, on all their devices. */
import { roomPreferences } from '../../lib/room-preferences.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';
import { menuItem } from '../menu-item.js';
import { part } from '../part.js';
import { Sheet } from '../sheet.js';
import { alertChoice } from './alert-choice.js';
/** @import { RoomInfo, RoomPreference } from '../../lib/types.d.ts' */

const SORTS = [['name', 'By name'], ['news', 'Latest first'], ['hand', 'By hand']];

export class HearthRoomOptions extends Sheet {
  static topics = ['preferences', 'rooms', 'room', 'session'];
  #room = '';

  /** @param {string} room */
  show(room) {
    this.#room = room;
    this.open();
  }

  card() {
    const info = store.roomInfo(this.#room);
    const { sort, of } = roomPreferences(store.preferences);
    const { favourite, hidden } = of(this.#room);
    const { at, count } = part('sidebar')?.placeOf(this.#room) ?? { at: -1, count: 0 };
    return html`${this.top(info.title)}<div class="sheet-body">
      <div class="menu-list">
        ${this.#toggle('star', favourite ? 'No favourite any more' : 'Favourite', 'favourite', !favourite,
            favourite ? '' : 'It stands above the others')}
        ${alertChoice(info, this)}
        ${this.#toggle('eye', hidden ? 'Show in the list' : 'Hide', 'hidden', !hidden,
            hidden ? '' : 'Until you open it again')}
        ${this.#leaveItem(info)}
      </div>
      <div class="menu-list">
        ${at > 0 ? this.#moveItem('Move up', -1) : nothing}
        ${at >= 0 && at < count - 1 ? this.#moveItem('Move down', 1) : nothing}
        <label class="menu-item density">${icon('rows')}<span class="what">Order of all rooms</span>
          <select class="field" @change=${onValue((value) => this.#prefer({ sort: value }))}>${SORTS.map(
            ([value, label]) => html`<option value=${value} .selected=${value === sort}>${label}</option>`,
          )}</select></label>
      </div>${this.faultLine()}</div>`;
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {keyof RoomPreference} what
   * @param {boolean} on
   * @param {string} note
   */
  #toggle(name, label, what, on, note) {
    const act = () => {
      this.#prefer({ of: { [this.#room]: { [what]: on || null } } });
      if (what !== 'hidden') return;
      this.close();
      const stays = on && this.#room === store.room?.name;
      if (stays) this.raise('notice', { text: 'It goes from the list once you leave it.' });
    };
    return menuItem({ name, label, note, immediate: true, act });
  }

  /**
   * @param {string} label
   * @param {number} step
   */
  #moveItem(label, step) {
    const act = () => part('sidebar')?.step(this.#room, step);
    return menuItem({ name: step < 0 ? 'up' : 'down', label, immediate: true, act });
  }

  // A private room that is mine is handed over first: the card about it does that.
  /** @param {RoomInfo} info */
  #leaveItem({ kind, owner }) {
    if (kind !== 'private' || owner) return nothing;
    return menuItem({ name: 'leave', label: 'Leave the room', danger: true, act: () => this.#leave() });
  }

  /** @param {object} rooms */
  #prefer(rooms) {
    this.raise('prefer', { patch: { rooms } });
  }

  async #leave() {
    const name = this.#room;
    const text = 'You no longer see this room, until somebody invites you again.';
    const question = { title: `Leave “${store.roomTitle(name)}”?`, text, yes: 'Leave' };
    if (!await this.request('confirm', question)) return;
    if (await this.attempt(() => this.request('leave-room', { name }))) this.close();
  }
}

customElements.define('hearth-room-options', HearthRoomOptions);
