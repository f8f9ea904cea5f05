/** Finds people by name as one types, with one thing to do with each: `.verb` says what, `.act(person)` does it. */
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';

const PAUSE = 200; // ms after the last letter

class HearthPeopleSearch extends ActionComponent {
  label = 'Find people';
  verb = 'Invite';
  act = async () => {};
  without = new Set(); // who is not offered
  #found = null;
  #like = '';
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  view() {
    const known = (this.#found ?? []).filter(({ who }) => who !== store.me?.who);
    const found = known.filter(({ who }) => !this.without.has(who));
    return html`<label class="labelled">${this.label}
        <input class="field" type="search" name="like" dir="auto" autocomplete="off" spellcheck="false" maxlength="64" placeholder="A name" data-first
          @input=${({ target }) => this.#typed(target.value)} @keydown=${(event) => event.key === 'Enter' && event.preventDefault()}></label>
      ${this.faultLine()}
      <p class="quiet" role="status">${this.#found && this.#like ? `${found.length} found` : ''}</p>
      <ul class="lines found">${repeat(found, ({ who }) => who, (person) => html`<li class="item">
        <span class="avatar tint-${tint(person.who)}" aria-hidden="true">${initials(person.name)}</span>
        <span class="what"><span><bdi>${person.name}</bdi></span>${person.here ? html`<small>here now</small>` : nothing}</span>
        <button type="button" class="button small" aria-label=${`${this.verb} ${person.name}`} @click=${() => this.#choose(person)}>${this.verb}</button>
      </li>`)}
      ${this.#found && !found.length ? html`<li class="nobody">${known.length ? 'Everybody found is on the list already.' : this.#like ? 'Nobody of that name.' : 'Nobody else is known here yet.'}</li>` : nothing}</ul>`;
  }

  #typed(like) {
    this.#like = like.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  async #look() {
    const like = this.#like;
    try {
      const found = await this.request('people', { like });
      if (like === this.#like) [this.#found, this.fault] = [found, ''];
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }

  async #choose(person) {
    if (await this.attempt(() => this.act(person), { patient: true })) this.querySelector('input')?.focus();
  }
}

customElements.define('hearth-people-search', HearthPeopleSearch);
