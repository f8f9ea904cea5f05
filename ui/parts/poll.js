/** A poll in a message: its answers to choose from, how many chose each, and who did. */
import { store } from '../lib/store.js';
import { Votes } from '../lib/votes.js';
import { html, live, nothing } from '../vendor/lit.js';
import { ActionComponent } from './action-component.js';
/** @import { Poll } from '../lib/types.d.ts' */
/** @import { RowNode } from './types.d.ts' */

const HELD = 100; // polls
/** @type {Map<string, Votes>} */
const polls = new Map(); // room and n -> what is known, in the order in which they were last shown
/** @type {Poll} */
const NONE = { question: '', answers: [] };

/** @type {Set<HearthPoll>} */
const shown = new Set(); // the same poll may stand in a thread too
const draw = () => shown.forEach((poll) => poll.update());

store.watch(['room-event'], ({ detail: event }) => {
  if (polls.get(`${event.room} ${event.of}`)?.take(event)) draw();
});
// What happened while we were away, or in another room, is asked for; what is known is shown meanwhile.
let place = '';
store.watch(['connection', 'room'], () => {
  const now = `${store.connection} ${store.room?.name}`;
  if (now === place) return;
  place = now;
  for (const votes of polls.values()) votes.stale = true;
  draw();
});

export class HearthPoll extends ActionComponent {
  static topics = ['session', 'rooms'];
  #open = false; // who voted is shown
  #asked = false;
  #status = '';
  /** @type {number[] | null} */
  #chosen = null; // what the hub is told just now

  connectedCallback() {
    this.replaceChildren(); // the text that stood for it
    shown.add(this);
    super.connectedCallback();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    shown.delete(this);
  }

  // The row has it: this element may be older than its class.
  get message() {
    /** @type {RowNode | null} */
    const node = this.closest('.msg');
    return node?.row.message ?? null;
  }

  get #votes() {
    const key = `${this.message?.room} ${this.message?.n}`;
    const votes = polls.get(key) ?? new Votes();
    polls.delete(key);
    polls.set(key, votes);
    for (const old of polls.keys()) if (polls.size > HELD) polls.delete(old);
    return votes;
  }

  view() {
    const { message } = this;
    if (!message) return nothing;
    const votes = this.#votes;
    if (votes.stale) this.#load(votes);
    const { question, answers, many = false } = message.poll ?? NONE;
    const may = Boolean(store.me) && !votes.ended && this.#isOpen(message.room);
    const own = this.#chosen ?? votes.of(store.me?.who);
    const ends = may && (message.who === store.me?.who || store.me?.host);
    return html`<fieldset class="poll ${votes.ended ? 'ended' : ''}" aria-live="off">
      <legend dir="auto">${question}</legend>
      <p class="hint">${votes.ended ? 'This poll has ended.' : many ? 'Choose any number.' : 'Choose one.'}</p>
      ${votes.tally(answers).map(({ answer, people }, at) => this.#answer(
        { answer, people, n: at + 1, many, may, own, votes },
      ))}
      ${this.#foot(votes, may && own.length > 0, Boolean(ends))}
      ${this.faultLine(`poll-fault-${message.n}`)}
      <p class="quiet" role="status">${this.#status}</p>
    </fieldset>`;
  }

  /**
   * @param {Votes} votes
   * @param {boolean} voted
   * @param {boolean} ends
   */
  #foot({ ready, count }, voted, ends) {
    const words = this.#open ? 'Hide who voted' : 'Show who voted';
    return html`<div class="poll-foot"><span>${ready ? countText(count) : ''}</span>
        ${count
          ? html`<button type="button" aria-expanded=${String(this.#open)} @click=${() => this.#toggle()}>${
            words}</button>`
          : nothing}
        ${voted ? html`<button type="button" @click=${() => this.#vote([])}>Take back</button>` : nothing}
        ${ends ? html`<button type="button" @click=${() => this.#end()}>End poll</button>` : nothing}
      </div>`;
  }

  /**
   * @param {{
   *   answer: string, people: { who: string, name: string }[], n: number, many: boolean, may: boolean, own: number[],
   *   votes: Votes,
   * }} row
   */
  #answer({ answer, people, n, many, may, own, votes }) {
    const share = votes.count ? Math.round((100 * people.length) / votes.count) : 0;
    const mine = own.includes(n);
    const label = `${countText(people.length)}, ${share} percent${mine ? ', yours' : ''}`;
    const choose = (/** @type {{ target: HTMLInputElement }} */ { target }) => {
      this.#choose(n, many, target.checked, own);
    };
    const name = `poll-${this.message?.n}${this.closest('.thread') ? '-thread' : ''}`; // the page may show it twice
    return html`<label class="poll-answer ${mine ? 'mine' : ''}">
        <input type=${many ? 'checkbox' : 'radio'} name=${name}
          .checked=${live(mine)} ?disabled=${!may || !votes.ready} @change=${choose}>
        <span class="what"><span dir="auto">${answer}</span>
          <meter class="poll-bar" min="0" max="100" .value=${share} aria-hidden="true"></meter>
          ${this.#open && people.length
            ? html`<small>${people.map((person, at) => html`${at ? ', ' : ''}<bdi>${person.name}</bdi>`)}</small>`
            : nothing}</span>
        <span class="count" dir="ltr" aria-hidden="true">${votes.ready ? `${people.length} · ${share} %` : ''}</span>
        <span class="quiet">${votes.ready ? label : ''}</span>
      </label>`;
  }

  /** @param {string} name */
  #isOpen(name) {
    const { archived, closed } = store.roomInfo(name);
    return !archived && (!closed || Boolean(store.me?.host));
  }

  /** @param {Votes} votes */
  async #load(votes) {
    if (this.#asked || !this.message || !['live', 'polling'].includes(store.connection)) return;
    this.#asked = true;
    const { room, n } = this.message;
    try {
      votes.takeAll(await this.request('votes', { room, n }));
      this.fault = '';
    } catch (problem) {
      this.fault = problem.message;
    }
    this.#asked = false;
    if (!votes.stale) draw();
    else setTimeout(() => this.isConnected && this.update(), this.fault ? 3000 : 300);
  }

  /**
   * @param {number} n
   * @param {boolean} many
   * @param {boolean} on
   * @param {number[]} own
   */
  #choose(n, many, on, own) {
    if (!many) return this.#vote([n]);
    return this.#vote(on ? [...own, n].sort((a, b) => a - b) : own.filter((each) => each !== n));
  }

  /** @param {number[]} choice */
  async #vote(choice) {
    const of = this.message?.n ?? 0;
    this.#chosen = choice;
    const done = await this.attempt(() => this.request('act', { command: { do: 'vote', of, choice } }));
    this.#chosen = null;
    if (done) this.#status = choice.length ? 'Your vote is counted.' : 'Your vote is taken back.';
    this.update();
  }

  async #end() {
    const of = this.message?.n ?? 0;
    const text = 'Nobody can vote then any more, and it cannot be opened again.';
    const yes = await this.request('confirm', { title: 'End this poll?', text, yes: 'End poll', calm: true });
    if (yes) await this.attempt(() => this.request('act', { command: { do: 'end', of } }));
  }

  #toggle() {
    this.#open = !this.#open;
    this.update();
  }
}

/** @param {number} count */
function countText(count) {
  return count === 1 ? '1 vote' : `${count.toLocaleString('en')} votes`;
}

customElements.define('hearth-poll', HearthPoll);
