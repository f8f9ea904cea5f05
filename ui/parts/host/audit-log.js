/** What hosts did and who came to be what, the latest first. */
import { auditText } from '../../lib/event-text.js';
import { store } from '../../lib/store.js';
import { clock, dayName, full } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';

class HearthAuditLog extends Component {
  static topics = ['panel'];

  view() {
    let day = '';
    const list = [...store.panel.audit].reverse();
    return html`<ol class="audit">${list.map((entry) => {
      const name = dayName(entry.at);
      const fresh = name !== day;
      day = name;
      return html`${fresh ? html`<li class="when">${name}</li>` : nothing}<li><time datetime=${entry.at} title=${full(entry.at)}>${clock(entry.at)}</time>
        <span>${auditText(entry).map((part) => (typeof part === 'string' ? part : html`<bdi>${part.named}</bdi>`))}</span></li>`;
    })}</ol>${list.length ? html`<p class="hint">Everything of this kind is kept in the file hub/audit.jsonl.</p>` : html`<p class="nobody">Nothing yet.</p>`}`;
  }
}

customElements.define('hearth-audit-log', HearthAuditLog);
