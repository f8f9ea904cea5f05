/** Says before a message is sent who is named in it and will not see it, and what can be done about that. */
import { standing } from '../lib/mentions.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
/** @import { CompletionItem } from './types.d.ts' */

export class HearthOutsideNote extends Component {
  #room = '';
  /** @type {Record<string, string>} */
  #outside = {}; // names as they are written -> an id, of people who are not in this room
  #stop = new AbortController();

  connectedCallback() {
    super.connectedCallback();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const named = (/** @type {Event & { detail?: CompletionItem & { written?: string } }} */ { detail }) => {
      const { mention, outside } = detail ?? {};
      if (!mention || !outside) return;
      this.#outside = { ...this.#outside, [detail?.written ?? mention.name]: mention.who };
      this.update();
    };
    for (const type of ['complete', 'named']) this.closest('form')?.addEventListener(type, named, { signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  view() {
    const { name = '' } = store.room ?? {};
    if (name !== this.#room) [this.#room, this.#outside] = [name, {}];
    const text = this.closest('form')?.querySelector('textarea')?.value ?? '';
    const names = Object.keys(standing(text, this.#outside) ?? {});
    if (!names.length) return nothing;
    const { kind, owner } = store.roomInfo(name);
    const several = names.length > 1;
    const last = html`<bdi>${names[names.length - 1]}</bdi>`;
    const all = several ? html`<bdi>${names.slice(0, -1).join(', ')}</bdi> and ${last}` : last;
    const invite = owner
      ? html`<button type="button" class="plainlink" @click=${() => this.raise('show-room', { face: 'invite' })}
          >Invite</button>`
      : nothing;
    const way = kind === 'direct' || owner ? '' : ' Only whose room it is can invite them.';
    return html`<div class="about outside" role="status">${icon('alert')}<span>${all} ${
      several ? 'are' : 'is'} not in this room, and will not see this.${way}</span>${invite}</div>`;
  }
}

customElements.define('hearth-outside-note', HearthOutsideNote);
