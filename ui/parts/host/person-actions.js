/** What a host can do about one person, `.who`: in the panel, and on the person's own card. */
import { store } from '../../lib/store.js';
import { clock } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
/** @import { HostAction, PanelPerson, Question, Without } from '../../lib/types.d.ts' */
/** @typedef {Without<Extract<HostAction, { whom: string }>, 'whom'>} Deed */

/** @type {[number, string][]} */
const MUTES = [[300, '5 minutes'], [3600, '1 hour'], [86400, '1 day']];

class HearthPersonActions extends ActionComponent {
  static topics = ['host-panel'];
  who = '';
  brief = false; // without what the card around it has already

  view() {
    const person = store.hostPanel?.people.find(({ who, waiting }) => who === this.who && !waiting);
    return html`${person ? this.#actions(person) : nothing}${this.faultLine()}`;
  }

  /** @param {PanelPerson} person */
  #actions(person) {
    const { account, here, banned } = person;
    if (banned) return html`<div class="deeds">${button('Lift the ban', () => this.#act({ do: 'unban' }))}</div>`;
    return html`
      <div class="deeds">${this.#muting(person)}</div>
      <div class="deeds">
        ${this.brief ? nothing : button('Message', () => this.#message())}
        ${this.#hosting(person)}
        ${account || here ? nothing : this.#freeing(person)}
        ${this.#sendingOut(person)}
        ${this.#banning(person)}
      </div>`;
  }

  /** @param {PanelPerson} person */
  #muting({ muted_until: until }) {
    const mute = (/** @type {number} */ seconds) => () => this.#act({ do: 'mute', seconds });
    if (until) {
      return html`<span class="what">Muted until ${clock(until * 1000)}</span>${button('Let speak again', mute(0))}`;
    }
    return html`<span class="what">Mute for</span>${MUTES.map(([seconds, label]) => button(label, mute(seconds)))}`;
  }

  /** @param {PanelPerson} person */
  #hosting({ name, host }) {
    if (host) {
      const text = 'They are no longer a host. They stay here as before.';
      const question = { title: `Take the keys from ${name}?`, text, yes: 'No longer a host' };
      return button('No longer a host', () => this.#confirm(question, { do: 'host', off: true }));
    }
    const text = 'A host can do everything that you can do here: let people in, send them out, remove messages, '
      + 'and make hosts.';
    const question = { title: `Make ${name} a host?`, text, yes: 'Make a host' };
    return button('Make a host', () => this.#confirm(question, { do: 'host' }));
  }

  /** @param {PanelPerson} person */
  #freeing({ name }) {
    const text = 'Somebody else can then be called that. What was said under it stays.';
    const question = { title: `Free the name ${name}?`, text, yes: 'Free the name' };
    return button('Free the name', () => this.#confirm(question, { do: 'free' }));
  }

  /** @param {PanelPerson} person */
  #sendingOut({ name, account }) {
    const back = account ? 'With their password they can come back.' : 'They can come back under another name.';
    const text = `All their devices are logged out. ${back}`;
    const question = { title: `Send ${name} out?`, text, yes: 'Send out' };
    return button('Send out', () => this.#confirm(question, { do: 'kick' }), true);
  }

  /** @param {PanelPerson} person */
  #banning({ name }) {
    const text = 'They and their devices stay out until you lift the ban.';
    const question = { title: `Ban ${name}?`, text, yes: 'Ban' };
    return button('Ban', () => this.#confirm(question, { do: 'ban' }), true);
  }

  /** @param {Deed} deed */
  #act(deed, whom = this.who) {
    return this.attempt(() => this.request('host-action', { ...deed, whom }), { patient: true });
  }

  /**
   * @param {Question} question
   * @param {Deed} deed
   */
  async #confirm(question, deed) {
    const whom = this.who;
    if (await this.request('confirm', question)) await this.#act(deed, whom);
  }

  async #message() {
    const { who } = this;
    if (await this.attempt(() => this.request('message-person', { who }))) this.closest('dialog')?.close();
  }
}

/**
 * @param {string} label
 * @param {() => unknown} act
 */
function button(label, act, danger = false) {
  return html`<button type="button" class="button small ${danger ? 'danger' : ''}" @click=${act}>${label}</button>`;
}

customElements.define('hearth-person-actions', HearthPersonActions);
