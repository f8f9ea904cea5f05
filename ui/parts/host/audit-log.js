/** What hosts did and who became what, the latest first. */
import { auditText } from '../../lib/audit-text.js';
import { store } from '../../lib/store.js';
import { clock, dayName, full } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
/** @import { AuditEntry } from '../../lib/types.d.ts' */

class HearthAuditLog extends Component {
  static topics = ['host-panel'];

  view() {
    const entries = [...store.hostPanel?.audit ?? []].reverse();
    const days = entries.map(({ at }) => dayName(at));
    const list = entries.map((entry, i) => {
      const isNewDay = days[i] !== days[i - 1];
      return html`${isNewDay ? html`<li class="when">${days[i]}</li>` : nothing}${line(entry)}`;
    });
    return html`<ol class="audit">${list}</ol>${entries.length
      ? html`<p class="hint">Everything of this kind is kept in the file hub/audit.jsonl.</p>`
      : html`<p class="nobody">Nothing yet.</p>`}`;
  }
}

/** @param {AuditEntry} entry */
function line(entry) {
  const words = auditText(entry).map((part) => (typeof part === 'string' ? part : html`<bdi>${part.named}</bdi>`));
  return html`<li><time datetime=${entry.at} title=${full(entry.at)}>${clock(entry.at)}</time>
        <span>${words}</span></li>`;
}

customElements.define('hearth-audit-log', HearthAuditLog);
