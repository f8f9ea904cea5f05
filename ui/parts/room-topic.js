/** The topic of a room below its name: a button that edits it, or for those who may not, one that shows all of it. */
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
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

export function topicButton(topic, edit) {
  return html`<button type="button" class="topic ${topic ? '' : 'none'}" title=${topic || nothing} dir="auto"
    aria-label=${topic ? `Topic: ${topic}. Change it` : nothing} @click=${edit}>${topic || 'Add a topic'}</button>`;
}

/** `whole`: all of it is shown. */
export function topicText(topic, whole, toggle) {
  if (!topic) return nothing;
  return html`<button type="button" class="topic ${whole ? 'whole' : ''}" title=${topic} dir="auto"
    aria-label=${`Topic: ${topic}`} aria-expanded=${String(whole)} @click=${toggle}>${topic}</button>`;
}

/** A form for a room's topic: `save(text)` is called with another one, `close()` when the form is to go. */
export function topicForm({ title, topic, save, close }) {
  const submit = (event) => {
    event.preventDefault();
    const text = event.target.elements.topic.value.trim();
    if (text !== topic) save(text);
    close();
  };
  const cancelOnEscape = (event) => {
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
