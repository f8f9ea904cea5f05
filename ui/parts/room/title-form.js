/** The form for another title of a room. */
import { html } from '../../vendor/lit.js';
import { onSubmit } from '../listeners.js';

/**
 * `save(text)` resolves to whether it was done; `fault` is the line that tells of errors.
 * @param {{ title: string, fault: unknown, busy: boolean, save: (text: string) => unknown, done: () => void }} form
 */
export function titleForm({ title, fault, busy, save, done }) {
  const submit = onSubmit(async ({ text }) => {
    if (await save(text.value.trim())) done();
  });
  return html`<form class="stack" @submit=${submit} novalidate>
      <label class="labelled">Its name
        <input class="field" name="text" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="done" data-first
          .value=${title}></label>
      ${fault}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(busy)}>Save</button></div></form>`;
}
