/** Colours for code that comes into view, worked out in a worker and drawn while the page has nothing to do. */
import { newWorker } from '../lib/new-worker.js';
/** @import { CodeTokens } from '../lib/types.d.ts' */

const TIME = 2000; // ms after which the worker is given up on: some code is hard to read
const KEPT = 60; // blocks whose colours are kept, as messages are drawn anew
const MOST = 3000; // spans of one block: more would take long to lay out

/** @type {Map<string, CodeTokens | null>} */
const known = new Map();
/** @type {HTMLElement[]} */
const waiting = [];
/** @type {Worker | null} */
let worker = null;
let busy = false;

const inView = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inView.unobserve(target);
    waiting.push(/** @type {HTMLElement} */ (target));
  }
  next();
}, { rootMargin: '300px' });

/**
 * Colours these code elements once they are in view, and at once where their colours are known.
 * @param {Iterable<HTMLElement>} all
 */
export function colourCode(all) {
  for (const code of all) {
    const tokens = known.get(keyOf(code));
    if (tokens) paint(code, tokens);
    else if (tokens === undefined) inView.observe(code);
  }
}

/** @param {HTMLElement} code */
function keyOf(code) {
  return `${code.dataset.word}\n${code.textContent}`;
}

function next() {
  if (busy) return;
  const code = waiting.shift();
  if (!code) return;
  if (!code.isConnected) return next();
  const key = keyOf(code);
  const done = (/** @type {CodeTokens | null} */ tokens) => {
    busy = false;
    known.set(key, tokens);
    if (known.size > KEPT) known.delete([...known.keys()][0]);
    if (tokens && keyOf(code) === key) paint(code, tokens); // else it was unfolded meanwhile, and asks anew
    next();
  };
  if (known.has(key)) return done(known.get(key) ?? null);
  busy = true;
  ask({ code: code.textContent, word: code.dataset.word }, done);
}

/**
 * @param {{ code: string, word: string | undefined }} question
 * @param {(tokens: CodeTokens | null) => void} done
 */
function ask(question, done) {
  const asked = worker ??= newWorker(new URL('../lib/code-worker.js', import.meta.url).href);
  const giveUp = () => {
    asked.terminate();
    worker = null;
    end(null);
  };
  const timer = setTimeout(giveUp, TIME);
  const end = (/** @type {CodeTokens | null} */ tokens) => {
    clearTimeout(timer);
    done(tokens);
  };
  asked.onmessage = ({ data }) => end(data);
  asked.onerror = giveUp;
  asked.postMessage(question);
}

/**
 * @param {HTMLElement} code
 * @param {CodeTokens} tokens
 */
function paint(code, { language, tokens }) {
  const label = code.closest('.code-block')?.querySelector('.code-language');
  if (label) label.textContent = language;
  if (tokens.length > MOST) return;
  const parts = code.childElementCount ? [...code.children] : [code];
  const left = tokens.map(([kind, words]) => /** @type {[string, string]} */ ([kind, words])).reverse();
  const some = () => {
    const part = parts.shift();
    if (part) part.replaceChildren(...spans(left, part.textContent.length));
    if (parts.length) whenIdle(some);
  };
  some();
}

/**
 * Takes the next `letters` off `left`, the last of which comes first.
 * @param {[kind: string, words: string][]} left
 * @param {number} letters
 */
function spans(left, letters) {
  const out = [];
  while (letters > 0) {
    const token = left.pop();
    if (!token) break;
    const [kind, words] = token;
    if (words.length > letters) left.push([kind, words.slice(letters)]);
    const shown = words.slice(0, letters);
    letters -= shown.length;
    const span = document.createElement('span');
    span.className = `code-${kind}`;
    span.textContent = shown;
    out.push(kind ? span : shown);
  }
  return out;
}

/** @param {() => void} act */
function whenIdle(act) {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 1000 });
  else setTimeout(act, 30);
}
