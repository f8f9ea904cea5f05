/** A list of what takes room, the most first, each with its share as a bar. */
import { takenText } from '../../lib/space-text.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
/** @import { Taken } from '../../lib/types.d.ts' */

/** @typedef {Taken & { id: string, title: string, sign?: unknown, tools?: unknown, below?: unknown }} SpaceEntry */

/**
 * `total` are the bytes of which each is a share, `shown` how many entries are, `more()` shows others.
 * @param {{ name: string, title: string, entries: SpaceEntry[], total: number, shown: number, more: () => void }} list
 */
export function spaceList({ name, title, entries, total, shown, more }) {
  const rest = entries.length - shown;
  return html`<section class="part" aria-labelledby=${`space-${name}`}><h3 id=${`space-${name}`}>${title}</h3>
    <ul class="lines space">${repeat(entries.slice(0, shown), ({ id }) => id, (entry) => line(entry, total))}</ul>
    ${rest > 0
      ? html`<div class="card-foot centre"><button type="button" class="button small"
          aria-label=${`Show more: ${title}`} @click=${more}>Show more</button></div>`
      : nothing}</section>`;
}

/**
 * @param {SpaceEntry} entry
 * @param {number} total
 */
function line({ title, sign = nothing, tools = nothing, below = nothing, ...taken }, total) {
  return html`<li><div class="item">${sign}
      <span class="what"><span class="names"><bdi>${title}</bdi><small><bdi>${takenText(taken)}</bdi></small></span>
        <progress max=${total || 1} value=${taken.bytes} aria-hidden="true"></progress></span>${tools}</div>
    ${below}</li>`;
}
