/** The card of all rooms, which finds and makes them: public ones, private ones, those of announcements, those for two. */
import { roomName, roomNameProblem } from '../../lib/room-name.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { Sheet, menuItem } from '../sheet.js';
import './people-search.js';

const TITLES = { private: 'New private room', announcements: 'New room for announcements', direct: 'Write to somebody' };
const LEADS = {
  private: 'Only people whom you invite see it. Everybody else cannot even tell that it is there.',
  announcements: 'Everybody may read. Hosts write, and whom they choose.',
  direct: 'Only the two of you see what you say to each other.',
};

const SIGNS = { announcements: 'horn', private: 'lock' };
const SHOWN = 200;

class HearthRoomDirectory extends Sheet {
  static topics = ['rooms', 'phase'];
  #title = '';

  open(face) {
    this.#title = '';
    super.open(face);
  }

  card() {
    if (this.face === 'rooms') return html`${this.top('Rooms')}<div class="sheet-body">${this.#rooms()}</div>`;
    return html`${this.top(TITLES[this.face])}<div class="sheet-body"><p>${LEADS[this.face]}</p>
      ${this.face === 'direct' ? html`<hearth-people-search .label=${'To whom?'} .verb=${'Write'} .act=${(person) => this.#direct(person)}></hearth-people-search>` : this.#form()}</div>`;
  }

  // What there is, and what there could be. A public room is made by opening it.
  #rooms() {
    const wanted = roomName(this.#title);
    const like = this.#title.trim().toLocaleLowerCase();
    const all = ['general', ...store.rooms.keys(), ...store.opened()].map((name) => store.placeOf(name)).filter(({ kind }) => kind !== 'direct');
    const unique = [...new Map(all.map((place) => [place.name, place])).values()];
    const found = unique.filter(({ name, title }) => !like || name.includes(wanted) || title.toLocaleLowerCase().includes(like));
    const meant = ({ name, title }) => name === wanted || title.toLocaleLowerCase() === like;
    found.sort((a, b) => Number(meant(b)) - Number(meant(a)) || a.title.localeCompare(b.title));
    const fresh = like && !unique.some(meant);
    const why = fresh ? roomNameProblem(wanted) : '';
    return html`<form @submit=${(event) => this.#enter(event, like && !fresh ? found[0].name : '')} novalidate>
        <label class="labelled">Find or make a room
          <input class="field" name="room" type="search" placeholder="Its name" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go" maxlength="80" dir="auto" data-first
            aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-room-directory-fault" @input=${({ target }) => this.#typed(target.value)}></label></form>
      ${this.faultLine()}
      <p class=${why && !this.fault ? 'hint' : 'quiet'} role="status">${this.fault ? '' : why || (like ? `${found.length} found` : '')}</p>
      ${fresh && !why ? html`<button type="button" class="item fresh" @click=${() => this.#open(wanted)}>${icon('plus')}
        <span class="what"><span>Make the room <b><bdi>${wanted}</bdi></b></span><small>Everybody here can read and write in it</small></span></button>` : nothing}
      <ul class="lines">${repeat(found.slice(0, SHOWN), ({ name }) => name, (place) => html`<li><button type="button" class="item" @click=${() => this.#open(place.name)}>
        ${icon(SIGNS[place.kind] ?? 'room')}<span class="what"><span><bdi>${place.title}</bdi></span><small>${about(place)}</small></span>${icon('go', 'go')}</button></li>`)}
        ${found.length > SHOWN ? html`<li class="nobody">and ${found.length - SHOWN} more: type a part of the name</li>` : nothing}</ul>
      <div class="menu-list others">
        ${menuItem({ name: 'lock', label: 'New private room', note: 'Only for people whom you invite', act: () => this.turn('private') })}
        ${store.me?.host ? menuItem({ name: 'horn', label: 'New room for announcements', note: 'Hosts write, everybody reads', act: () => this.turn('announcements') }) : nothing}
      </div>`;
  }

  // `there` is the room that has this name or title already.
  #enter(event, there) {
    event.preventDefault();
    const name = there || roomName(this.#title);
    this.fault = there ? '' : roomNameProblem(name);
    if (this.fault) this.update();
    else this.#open(name);
  }

  #open(room) {
    this.close();
    this.raise('open', { room });
  }

  #form() {
    const address = roomName(this.#title);
    return html`<form class="stack" @submit=${(event) => this.#make(event)} novalidate>
      <label class="labelled">Its name
        <input class="field" name="title" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="go" data-first @input=${({ target }) => this.#typed(target.value)}
          aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-room-directory-fault">
        ${this.face === 'announcements' && address ? html`<small>At the address <bdi>/${address}</bdi></small>` : nothing}
      </label>
      ${this.faultLine()}
      <div class="card-foot"><button type="button" class="button" @click=${() => this.close()}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Make the room</button></div>
    </form>`;
  }

  #typed(title) {
    this.fault = '';
    this.#title = title;
    this.update();
  }

  async #make(event) {
    event.preventDefault();
    const title = this.#title.trim();
    const { face: kind } = this;
    if (!title) {
      this.fault = 'Give the room a name.';
      return this.update();
    }
    const room = kind === 'announcements' ? { kind, title, name: roomName(title) } : { kind, title };
    if (!await this.attempt(() => this.request('make-room', room))) return undefined;
    this.close();
    if (kind === 'private') this.raise('about', { face: 'invite', fresh: true });
    else store.tell('The room is there.');
    return undefined;
  }

  async #direct({ who }) {
    await this.request('message', { who });
    this.close();
  }
}

function about({ name, topic, here, archived }) {
  if (archived) return 'archived';
  const said = topic || (store.rooms.has(name) ? '' : 'nothing said yet');
  return [here ? `${here} here now` : '', said].filter(Boolean).join(' · ');
}

customElements.define('hearth-room-directory', HearthRoomDirectory);
