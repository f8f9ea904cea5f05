/** Code -> what its parts are, for colours. Knows no DOM; a worker runs it, so that nothing waits for it. */
import { highlight } from '../vendor/highlight.js';
/** @import { CodeKind, CodeTokens } from './types.d.ts' */

const LONGEST = 20000; // letters
const GUESSED = 5000; // letters: a guess tries all languages
const SURE = 5; // the relevance from which a guess is worth something
const AHEAD = 2; // by how much it must be more than that of the next language
// Not Makefiles: each list of times would be one.
const GUESSES = [
  'bash', 'c', 'cpp', 'csharp', 'css', 'diff', 'dockerfile', 'go', 'ini', 'java', 'javascript', 'json', 'kotlin',
  'markdown', 'php', 'powershell', 'python', 'ruby', 'rust', 'sql', 'swift', 'typescript', 'xml', 'yaml',
];

/** @type {Record<string, CodeKind | undefined>} the first word of the library's scope -> what is coloured alike */
const KINDS = {
  keyword: 'keyword', 'selector-tag': 'keyword', name: 'keyword', tag: 'keyword', section: 'title',
  string: 'string', regexp: 'string', addition: 'string', link: 'string', 'meta-string': 'string', code: 'string',
  number: 'number', literal: 'number', symbol: 'number', bullet: 'number',
  comment: 'comment', quote: 'comment', doctag: 'comment',
  title: 'title', 'selector-id': 'title', 'selector-class': 'title',
  type: 'type', built_in: 'type', class: 'type', 'selector-pseudo': 'type',
  attr: 'attr', attribute: 'attr', variable: 'attr', 'template-variable': 'attr', property: 'attr', meta: 'attr',
  'selector-attr': 'attr', deletion: 'deletion',
};

/**
 * The parts of `code` in the language that `word`, the first behind its fence, names; without a word in the one that
 * it seems to be in. Null where it is not known, or too long.
 * @param {string} code
 * @param {string} word
 * @returns {CodeTokens | null}
 */
export function codeTokens(code, word) {
  if (code.length > LONGEST) return null;
  const language = word || guess(code);
  const known = language && highlight.getLanguage(language);
  if (!known) return null;
  /** @type {CodeTokens['tokens']} */
  const tokens = [];
  flatten(highlight.highlight(code, { language, ignoreIllegals: true })._emitter.root, '', tokens);
  return { language: known.name, tokens };
}

/** @param {string} code */
function guess(code) {
  if (code.length > GUESSED) return '';
  if (isJson(code)) return 'json';
  const { language = '', relevance, secondBest } = highlight.highlightAuto(code, GUESSES);
  return relevance >= SURE && relevance - (secondBest?.relevance ?? 0) >= AHEAD ? language : '';
}

/** @param {string} code */
function isJson(code) {
  try {
    return typeof JSON.parse(code) === 'object';
  } catch {
    return false;
  }
}

/**
 * @param {import('../vendor/highlight.js').Scoped} node
 * @param {CodeKind | ''} kind
 * @param {CodeTokens['tokens']} tokens
 */
function flatten({ scope = '', children }, kind, tokens) {
  const own = scope ? KINDS[scope.split('.')[0]] ?? (scope === 'subst' ? '' : kind) : kind;
  for (const child of children) {
    const last = tokens[tokens.length - 1];
    if (typeof child !== 'string') flatten(child, own, tokens);
    else if (last?.[0] === own) last[1] += child;
    else tokens.push([own, child]);
  }
}
