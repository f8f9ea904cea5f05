/** The rooms that everybody may see, open or closed, quick or slow. Private ones are nobody's business, not even a host's. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { slowModeChoice } from '../room/slow-mode.js';

class HearthPublicRooms extends ActionComponent {
  static topics = ['panel'];

  view() {
    const { rooms } = store.panel;
    const count = rooms.length === 1 ? '1 room' : `${rooms.length || 'No'} rooms`;
    return html`<div class="part-head"><h3>${count}${rooms.length ? '' : ' yet'}</h3>
        <button type="button" class="button small" @click=${() => this.#announce()}>${icon('plus')}Announcements</button></div>
      ${this.faultLine()}
      <ul class="lines">${repeat(rooms, ({ name }) => name, (room) => html`<li class="item wrap">
        ${icon(room.kind === 'announcements' ? 'horn' : 'room')}
        <span class="what"><span class="names"><bdi>${room.title || room.name}</bdi> ${room.closed ? html`<span class="tag warn">closed</span>` : nothing}</span>
          <small>${room.here ? `${room.here} here now` : 'nobody here now'}</small></span>
        <span class="pair">${slowModeChoice(room.slow, (seconds) => this.#deed({ do: 'slow', room: room.name, seconds }), `Slow mode in ${room.title || room.name}`, 'Slow mode off')}
          <button type="button" class="button small" aria-label=${`${verb(room)}: ${room.title || room.name}`} @click=${() => this.#deed({ do: 'close', room: room.name, off: room.closed })}>${verb(room)}</button></span>
      </li>`)}${rooms.length ? nothing : html`<li class="nobody">Nothing has been said yet. A room is listed here from its first message on.</li>`}</ul>
      <p class="hint">In a closed room only hosts write. Private rooms are not listed: only those in them know of them.</p>`;
  }

  #deed(deed) {
    return this.attempt(() => this.request('deed', deed), { patient: true });
  }

  #announce() {
    this.closest('dialog').close();
    this.raise('new-room', { kind: 'announcements' });
  }
}

function verb({ closed }) {
  return closed ? 'Open the room again' : 'Close the room';
}

customElements.define('hearth-public-rooms', HearthPublicRooms);
