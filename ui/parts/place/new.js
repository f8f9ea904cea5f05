/** The card that makes rooms: a private one, one of announcements, or one for two. */
import { roomName } from '../../lib/names.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Sheet } from '../sheet.js';
import './search.js';

const TITLES = { private: 'New private room', announcements: 'New room for announcements', direct: 'Write to somebody' };
const LEADS = {
  private: 'Only people whom you invite see it. Everybody else cannot even tell that it is there.',
  announcements: 'Everybody may read. Hosts write, and whom they choose.',
  direct: 'Only the two of you see what you say to each other.',
};

class HearthNew extends Sheet {
  #title = '';

  open(face) {
    this.#title = '';
    super.open(face);
  }

  card() {
    return html`${this.top(TITLES[this.face])}<div class="sheet-body"><p>${LEADS[this.face]}</p>
      ${this.face === 'direct' ? html`<hearth-search .label=${'To whom?'} .verb=${'Write'} .act=${(person) => this.#direct(person)}></hearth-search>` : this.#form()}</div>`;
  }

  #form() {
    const address = roomName(this.#title);
    return html`<form class="stack" @submit=${(event) => this.#make(event)} novalidate>
      <label class="labelled">Its name
        <input class="field" name="title" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="go" data-first @input=${({ target }) => this.#typed(target.value)}
          aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-new-fault">
        ${this.face === 'announcements' && address ? html`<small>At the address <bdi>/${address}</bdi></small>` : nothing}
      </label>
      ${this.faultLine()}
      <div class="card-foot"><button type="button" class="button" @click=${() => this.close()}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Make the room</button></div>
    </form>`;
  }

  #typed(title) {
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
    if (!await this.attempt(() => this.wish('make-room', room))) return undefined;
    this.close();
    if (kind === 'private') this.raise('about', { face: 'invite', fresh: true });
    else store.tell('The room is there.');
    return undefined;
  }

  async #direct({ who }) {
    await this.wish('message', { who });
    this.close();
  }
}

customElements.define('hearth-new', HearthNew);
