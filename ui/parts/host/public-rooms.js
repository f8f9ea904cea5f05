/** The rooms that everybody may see, open or closed, in slow mode or not. Private ones are no host's business. */
import { RoomFinder } from '../../lib/room-finder.js';
import { searchRooms } from '../../lib/room-search.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';
import { roomSign } from '../room-sign.js';
import { slowModeSelect } from '../room/slow-mode.js';
/** @import { HostAction, PanelRoom } from '../../lib/types.d.ts' */

const NONE = 'Nothing has been said yet. A room is listed here from its first message on.';
const MOST = 1000; // rooms that the hub tells hosts of: those in which something was said last
const SHOWN = 200; // found rooms that are listed

class HearthPublicRooms extends ActionComponent {
  static topics = ['host-panel', 'rooms'];
  #typed = '';
  #finder = new RoomFinder(({ text }) => this.request('room-pages', { text, limit: SHOWN }), () => this.#found());

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#finder.reset();
  }

  view() {
    const latest = store.hostPanel?.rooms ?? [];
    const some = latest.length >= MOST;
    const rooms = some && this.#typed ? this.#like(latest) : latest;
    const found = `${rooms.length === SHOWN ? `The first ${SHOWN}` : rooms.length} found`;
    const all = latest.length === 1 ? '1 room' : `${latest.length || 'No'} rooms`;
    const count = some ? `The latest ${MOST} rooms` : all;
    const none = html`<li class="nobody">${this.#typed ? 'No room has that in its name.' : NONE}</li>`;
    return html`<div class="part-head"><h3>${count}${latest.length ? '' : ' yet'}</h3>
        <button type="button" class="button small"
          @click=${() => this.#announce()}>${icon('plus')}Announcements</button></div>
      ${some ? this.#search(this.#typed ? found : '') : nothing}
      ${this.faultLine()}
      <ul class="lines">${repeat(rooms, ({ name }) => name, (room) => this.#room(room))}${
        rooms.length ? nothing : none}</ul>
      <p class="hint">In a closed room only hosts write. Private rooms are not listed: only those in them know of
        them.</p>`;
  }

  /** @param {string} found */
  #search(found) {
    return html`<label class="labelled">Find a room
        <input class="field" type="search" name="room" dir="auto" autocomplete="off" autocapitalize="none"
          spellcheck="false" maxlength="80" placeholder="A part of its name"
          @input=${onValue((typed) => this.#type(typed))}></label>
      <p class="quiet" role="status">${found}</p>`;
  }

  // What the hub found, beside those of the latest that are like it.
  /** @param {PanelRoom[]} latest */
  #like(latest) {
    const listed = this.#finder.rooms.filter(({ kind }) => kind === 'public' || kind === 'announcements');
    const found = listed.map((room) => ({ closed: false, slow: 0, ...room }));
    return searchRooms([...found, ...latest], this.#typed).found.slice(0, SHOWN);
  }

  /** @param {string} typed */
  #type(typed) {
    [this.#typed, this.fault] = [typed.trim(), ''];
    if (this.#typed) this.#finder.look(this.#typed);
    else this.#finder.reset();
    this.update();
  }

  #found() {
    this.fault = this.#finder.fault;
    this.update();
  }

  /** @param {PanelRoom & { icon?: string, tint?: string }} room */
  #room(room) {
    const { name, kind, closed, here } = room;
    const look = store.rooms.get(name) ?? room;
    const title = room.title || name;
    const verb = closed ? 'Open the room again' : 'Close the room';
    const setSlow = (/** @type {number} */ seconds) => this.#act({ do: 'slow', room: name, seconds });
    return html`<li class="item wrap">
        ${roomSign({ kind, icon: look.icon, tint: look.tint })}
        <span class="what"><span class="names"><bdi>${title}</bdi> ${closed
          ? html`<span class="tag warn">closed</span>`
          : nothing}</span>
          <small>${here ? `${here} here now` : 'nobody here now'}</small></span>
        <span class="pair"><label class="choice"><span>Slow mode in ${title}</span>
            ${slowModeSelect(room.slow, setSlow, 'Slow mode off')}</label>
          <button type="button" class="button small" aria-label=${`${verb}: ${title}`}
            @click=${() => this.#act({ do: 'close', room: name, off: closed })}>${verb}</button></span>
      </li>`;
  }

  /** @param {HostAction} action */
  #act(action) {
    return this.attempt(async () => {
      await this.request('host-action', action);
      if (this.#typed) await this.#finder.refresh();
    }, { patient: true });
  }

  #announce() {
    this.closest('dialog')?.close();
    this.raise('show-directory', { face: 'announcements' });
  }
}

customElements.define('hearth-public-rooms', HearthPublicRooms);
