/** The rooms that everybody may see, open or closed, in slow mode or not. Private ones are no host's business. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { slowModeChoice } from '../room/slow-mode.js';
/** @import { HostAction, PanelRoom } from '../../lib/types.d.ts' */

const NONE = 'Nothing has been said yet. A room is listed here from its first message on.';

class HearthPublicRooms extends ActionComponent {
  static topics = ['host-panel'];

  view() {
    const rooms = store.hostPanel?.rooms ?? [];
    const count = rooms.length === 1 ? '1 room' : `${rooms.length || 'No'} rooms`;
    const none = html`<li class="nobody">${NONE}</li>`;
    return html`<div class="part-head"><h3>${count}${rooms.length ? '' : ' yet'}</h3>
        <button type="button" class="button small"
          @click=${() => this.#announce()}>${icon('plus')}Announcements</button></div>
      ${this.faultLine()}
      <ul class="lines">${repeat(rooms, ({ name }) => name, (room) => this.#room(room))}${
        rooms.length ? nothing : none}</ul>
      <p class="hint">In a closed room only hosts write. Private rooms are not listed: only those in them know of
        them.</p>`;
  }

  /** @param {PanelRoom} room */
  #room(room) {
    const { name, kind, closed, here } = room;
    const title = room.title || name;
    const verb = closed ? 'Open the room again' : 'Close the room';
    const setSlow = (/** @type {number} */ seconds) => this.#act({ do: 'slow', room: name, seconds });
    return html`<li class="item wrap">
        ${icon(kind === 'announcements' ? 'horn' : 'room')}
        <span class="what"><span class="names"><bdi>${title}</bdi> ${closed
          ? html`<span class="tag warn">closed</span>`
          : nothing}</span>
          <small>${here ? `${here} here now` : 'nobody here now'}</small></span>
        <span class="pair">${slowModeChoice(room.slow, setSlow, `Slow mode in ${title}`, 'Slow mode off')}
          <button type="button" class="button small" aria-label=${`${verb}: ${title}`}
            @click=${() => this.#act({ do: 'close', room: name, off: closed })}>${verb}</button></span>
      </li>`;
  }

  /** @param {HostAction} action */
  #act(action) {
    return this.attempt(() => this.request('host-action', action), { patient: true });
  }

  #announce() {
    this.closest('dialog')?.close();
    this.raise('show-directory', { face: 'announcements' });
  }
}

customElements.define('hearth-public-rooms', HearthPublicRooms);
