/** The card about oneself: what leads to the name, the password, the devices and the way out. */
import { initials, tint } from '../../lib/avatar.js';
import { density, setDensity } from '../../lib/density.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { Sheet, menuItem } from '../sheet.js';
import './device-list.js';
import './muted-people.js';
import './rename-form.js';
import './password-form.js';
import './phone-link.js';
import './token-list.js';

const FACES = {
  name: { title: 'Your name', view: (back) => html`<hearth-rename-form .done=${back}></hearth-rename-form>` },
  password: { title: () => (store.me?.account ? 'Change the password' : 'Protect this name'), view: (back) => html`<hearth-password-form .done=${back}></hearth-password-form>` },
  devices: { title: 'Your devices', view: () => html`<hearth-device-list></hearth-device-list>` },
  phone: { title: 'Bring in your phone', view: () => html`<hearth-phone-link></hearth-phone-link>` },
  muted: { title: 'Muted by you', view: () => html`<hearth-muted-people></hearth-muted-people>` },
  tokens: { title: 'Programs that speak as you', view: () => html`<hearth-token-list></hearth-token-list>` },
};

class HearthYouCard extends Sheet {
  static topics = ['phase', 'panel', 'mutes'];

  card() {
    const face = FACES[this.face];
    const back = () => this.turn('');
    if (!store.me) return nothing;
    if (!face) return html`${this.top('You')}<div class="sheet-body">${this.#self()}${this.#list()}</div>`;
    const title = typeof face.title === 'function' ? face.title() : face.title;
    return html`${this.top(title, back)}<div class="sheet-body">${face.view(back)}</div>`;
  }

  #self() {
    const { me } = store;
    return html`<div class="self-card">
        <span class="avatar large tint-${tint(me.who)}" aria-hidden="true">${initials(me.name)}</span>
        <div><p class="name"><bdi>${me.name}</bdi></p>
        <p>${me.account ? 'An account: the name is yours for good.' : 'Only this browser proves that the name is yours.'}${me.host ? ' You are a host.' : ''}</p></div>
      </div>
      ${me.account ? nothing : html`<div class="advice">
        <p>With a password the name stays yours, and you can log in on other devices.</p>
        <button type="button" class="button primary" @click=${() => this.turn('password')}>Protect this name</button>
      </div>`}`;
  }

  #list() {
    const { me } = store;
    const to = (face) => () => this.turn(face);
    return html`<div class="menu-list">
      ${me.host ? menuItem({ name: 'host', label: 'Host panel', note: 'Who may come in, people, rooms', badge: store.asking(), act: () => this.#host() }) : nothing}
      ${menuItem({ name: 'edit', label: 'Change the name', act: to('name') })}
      ${me.account ? menuItem({ name: 'lock', label: 'Change the password', act: to('password') }) : nothing}
      ${menuItem({ name: 'devices', label: 'Devices', note: 'Where you are logged in', act: to('devices') })}
      ${menuItem({ name: 'phone', label: 'Bring in your phone', note: 'By a QR code that works once', act: to('phone') })}
      ${menuItem({ name: 'key', label: 'Programs', note: 'Tokens for scripts and bots', act: to('tokens') })}
    </div>
    <div class="menu-list">
      ${this.#density()}
      ${store.muted().size ? menuItem({ name: 'mute', label: 'Muted by you', note: [...store.muted().values()].join(', '), act: to('muted') }) : nothing}
    </div>
    <div class="menu-list">
      ${menuItem({ name: 'leave', label: 'Log out here', danger: true, act: () => this.#leave({ everywhere: false }) })}
      ${menuItem({ name: 'leave', label: 'Log out everywhere', danger: true, act: () => this.#leave({ everywhere: true }) })}
    </div>${this.faultLine()}`;
  }

  #density() {
    const steps = [['comfortable', 'Comfortable'], ['compact', 'Compact']];
    return html`<label class="menu-item density">${icon('rows')}<span class="what"><span>Density</span><small>How close messages stand, in this browser</small></span>
      <select class="field" aria-label="Density of messages" @change=${({ target }) => setDensity(target.value)}>${steps.map(([value, name]) => html`
        <option value=${value} .selected=${value === density()}>${name}</option>`)}</select></label>`;
  }

  #host() {
    this.close();
    this.raise('host-panel');
  }

  async #leave({ everywhere }) {
    const lost = wayBack(store.me, everywhere);
    const sure = await this.request('ask', everywhere
      ? { title: 'Log out everywhere?', text: `All your devices are logged out, this one too, and your programs’ tokens end. ${lost}`, yes: 'Log out everywhere' }
      : { title: 'Log out here?', text: `This browser forgets who you are. Your messages stay. ${lost}`, yes: 'Log out' });
    if (sure) await this.attempt(() => this.request('leave', { everywhere }));
  }
}

/** How one comes back after logging out: who has no password is let in by somebody who can tell who it is. */
function wayBack({ account, host, name }, everywhere) {
  if (account) return 'You come back with your name and password.';
  const askers = [host ? '' : 'the host', everywhere ? '' : 'another device of yours'].filter(Boolean).join(' or ');
  const back = askers ? `you come back as “${name}” only if ${askers} lets you in` : `nobody can then let you in as “${name}” again`;
  return `“${name}” has no password: ${back}. To come back by yourself, protect the name first.`;
}

customElements.define('hearth-you-card', HearthYouCard);
