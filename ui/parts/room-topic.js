/** The topic of a room below its name: a button that edits it, or for those who may not, one that shows all of it. */
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { onSubmit } from './listeners.js';
/** @import { Me, RoomInfo } from '../lib/types.d.ts' */

/**
 * Whether I may change the topic.
 * @param {RoomInfo} info
 * @param {Me | null} me
 */
export function mayChangeTopic({ kind, owner, may_write: write }, me) {
  if (kind === 'announcements') return Boolean(me?.host);
  return Boolean(kind === 'private' ? owner : write);
}

/**
 * @param {string} topic
 * @param {() => void} edit
 */
export function topicButton(topic, edit) {
  return html`<button type="button" class="topic ${topic ? '' : 'none'}" title=${topic || nothing} dir="auto"
    aria-label=${topic ? `Topic: ${topic}. Change it` : nothing} @click=${edit}>${topic || 'Add a topic'}</button>`;
}

/**
 * `whole`: all of it is shown.
 * @param {string} topic
 * @param {boolean} whole
 * @param {() => void} toggle
 */
export function topicText(topic, whole, toggle) {
  if (!topic) return nothing;
  return html`<button type="button" class="topic ${whole ? 'whole' : ''}" title=${topic} dir="auto"
    aria-label=${`Topic: ${topic}`} aria-expanded=${String(whole)} @click=${toggle}>${topic}</button>`;
}

/**
 * A form for a room's topic: `save(text)` is called with another one, `close()` when the form is to go.
 * @param {{ title: string, topic: string, save: (text: string) => void, close: () => void }} options
 */
export function topicForm({ title, topic, save, close }) {
  const submit = onSubmit((fields) => {
    const text = fields.topic.value.trim();
    if (text !== topic) save(text);
    close();
  });
  const cancelOnEscape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  };
  return html`<form class="topic-form" aria-label=${`Topic of ${title}`} @submit=${submit} @keydown=${cancelOnEscape}>
      <input class="field" name="topic" aria-label="Topic" placeholder="What is it about?" maxlength="200" dir="auto"
        autocomplete="off" enterkeyhint="done" .value=${topic}>
      <button class="knob" aria-label="Save the topic" title="Save">${icon('check')}</button>
      <button type="button" class="knob" aria-label="Leave the topic as it is" title="Cancel"
        @click=${close}>${icon('close')}</button>
    </form>`;
}
