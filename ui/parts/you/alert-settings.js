/** When and how Hearth calls: in this browser, on all devices, and for the room on view. */
import { deviceAlerts, setDeviceAlerts } from '../../lib/alert-device.js';
import { alertSettings } from '../../lib/alert-rules.js';
import { chime } from '../../lib/chime.js';
import { askForNotifications, notificationState, pageIcon, tryNotification } from '../../lib/notifications.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { onValue } from '../listeners.js';
import { alertChoice } from '../room/alert-choice.js';
import { check } from './check.js';
/** @import { AlertSettings, DeviceAlerts, Preferences } from '../../lib/types.d.ts' */

const WHY_NOT = {
  insecure: 'Browsers allow notifications only over https, or at 127.0.0.1 on the computer that Hearth runs on.',
  missing: 'This browser, or this window, cannot show notifications of pages.',
  denied: 'This browser, or this window, shows no notifications of this page. Site settings may change that.',
};

class HearthAlertSettings extends Component {
  static topics = ['preferences', 'room', 'rooms'];

  view() {
    const { room } = store;
    const device = deviceAlerts();
    return html`<p>Hearth never calls while you look at it. Meant for you is what is said to you alone, names you, or
      answers you.</p>
      <section class="part"><h3>In this browser</h3>${this.#sound(device)}${this.#native(device)}</section>
      <section class="part"><h3>On all your devices</h3>${this.#everywhere(alertSettings(store.preferences))}</section>
      ${room && !room.problem ? html`<section class="part"><h3><bdi>${store.roomTitle(room.name)}</bdi></h3>
        <div class="menu-list">${alertChoice(store.roomInfo(room.name), this)}</div></section>` : nothing}`;
  }

  /** @param {DeviceAlerts} chosen */
  #sound({ sound, volume }) {
    return html`${check('Sound', sound, (on) => this.#keep({ sound: on }), 'Two soft tones, made by the page')}
      <div class="volume" ?hidden=${!sound}>
        <input type="range" min="0.1" max="1" step="0.1" .value=${String(volume)} aria-label="Volume"
          @input=${onValue((value) => this.#keep({ volume: Number(value) }))}>
        <button type="button" class="button small" @click=${() => this.#try()}>Try it</button>
      </div>`;
  }

  async #try() {
    const heard = await chime(deviceAlerts().volume);
    if (!heard) this.raise('notice', { text: 'This browser does not let the page sound.' });
  }

  /** @param {DeviceAlerts} chosen */
  #native({ native }) {
    const state = notificationState();
    if (state === 'allowed') {
      const note = 'Of your system, with a way to the message';
      return html`${check('Notifications', native, (on) => this.#keep({ native: on }), note)}
        <div class="volume" ?hidden=${!native}><button type="button" class="button small"
          @click=${() => this.#show()}>Show one</button></div>`;
    }
    if (state !== 'askable') return html`<p class="hint">${WHY_NOT[state]}</p>`;
    return html`<div class="item"><span class="what">Notifications<small>Your browser asks once whether it
      may</small></span><button type="button" class="button small" @click=${() => this.#ask()}>Allow</button></div>`;
  }

  async #show() {
    const shown = await tryNotification(pageIcon());
    if (!shown) this.raise('notice', { text: 'Your system shows no notifications now.' });
  }

  async #ask() {
    this.#keep({ native: await askForNotifications() === 'allowed' });
  }

  /** @param {AlertSettings} chosen */
  #everywhere({ flash, text, quiet }) {
    const time = (/** @type {'from' | 'to'} */ end, /** @type {string} */ label) => html`<label
      class="labelled">${label}<input class="field" type="time" required .value=${quiet[end]}
        @change=${onValue((value) => value && this.#prefer({ quiet: { [end]: value } }))}></label>`;
    return html`
      ${check('The title of the tab flashes', flash, (on) => this.#prefer({ flash: on }))}
      ${check('Show who wrote and what', text, (on) => this.#prefer({ text: on }), 'In the title and in notifications')}
      ${check('Quiet hours', quiet.on, (on) => this.#prefer({ quiet: { on } }), 'Unread messages are only counted')}
      <div class="row-form hours" ?hidden=${!quiet.on}>${time('from', 'From')}${time('to', 'To')}</div>`;
  }

  /** @param {Partial<DeviceAlerts>} changes */
  #keep(changes) {
    setDeviceAlerts(changes);
    this.update();
  }

  /** @param {NonNullable<Preferences['alerts']>} alerts */
  #prefer(alerts) {
    this.raise('prefer', { patch: { alerts } });
  }
}

customElements.define('hearth-alert-settings', HearthAlertSettings);
