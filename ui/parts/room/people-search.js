/** Finds people by name as one types, with one thing to do with each: `.verb` says what, `.act(person)` does it. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { avatarIcon } from '../avatar-icon.js';
import { onValue } from '../listeners.js';
/** @import { FoundPerson } from '../../lib/types.d.ts' */

const PAUSE = 200; // ms after the last letter

class HearthPeopleSearch extends ActionComponent {
  label = 'Find people';
  verb = 'Invite';
  /** @type {(person: FoundPerson) => Promise<unknown>} */
  act = async () => {};
  /** @type {Set<string>} */
  without = new Set(); // the ids of those who are not offered
  /** @type {FoundPerson[] | null} */
  #found = null;
  #like = '';
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#search();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  view() {
    const known = (this.#found ?? []).filter(({ who }) => who !== store.me?.who);
    const offered = known.filter(({ who }) => !this.without.has(who));
    return html`<label class="labelled">${this.label}
        <input class="field" type="search" name="like" dir="auto" autocomplete="off" spellcheck="false" maxlength="64"
          placeholder="A name" data-first @input=${onValue((like) => this.#typed(like))}
          @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && event.preventDefault()}></label>
      ${this.faultLine()}
      <p class="quiet" role="status">${this.#found && this.#like ? `${offered.length} found` : ''}</p>
      <ul class="lines found">${repeat(offered, ({ who }) => who, (person) => this.#person(person))}
      ${this.#found && !offered.length ? html`<li class="nobody">${this.#nobody(known)}</li>` : nothing}</ul>`;
  }

  /** @param {FoundPerson} person */
  #person(person) {
    return html`<li class="item">
        ${avatarIcon(person.who, person.name)}
        <span class="what"><span><bdi>${person.name}</bdi></span>${person.here
          ? html`<small>here now</small>`
          : nothing}</span>
        <button type="button" class="button small" aria-label=${`${this.verb} ${person.name}`}
          @click=${() => this.#choose(person)}>${this.verb}</button>
      </li>`;
  }

  /** @param {FoundPerson[]} known */
  #nobody(known) {
    if (known.length) return 'Everybody found is on the list already.';
    return this.#like ? 'Nobody of that name.' : 'Nobody else is known here yet.';
  }

  /** @param {string} like */
  #typed(like) {
    this.#like = like.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    const like = this.#like;
    try {
      const found = await this.request('find-people', { like });
      if (like === this.#like) [this.#found, this.fault] = [found, ''];
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }

  /** @param {FoundPerson} person */
  async #choose(person) {
    if (await this.attempt(() => this.act(person), { patient: true })) this.querySelector('input')?.focus();
  }
}

customElements.define('hearth-people-search', HearthPeopleSearch);
