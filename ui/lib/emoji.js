/** The emoji of one language: by category, by shortcode, and those that a text is looked for in. Knows no DOM. */
/** @import { Emoji, EmojiColumns } from './types.d.ts' */

const ACCENT = /[\u0300-\u036f]/g;
const WORDS = /[\s,:;()“”„"'’/&-]+/g;

export class EmojiIndex {
  /** @type {Emoji[]} */
  all = [];
  /** @type {{ key: string, name: string, emoji: Emoji[] }[]} */
  groups = [];
  tones;
  /** @type {Map<string, Emoji>} */
  #byText = new Map();
  /** @type {Map<string, Emoji>} */
  #byCode = new Map();
  /** @type {{ emoji: Emoji, label: string, codes: string, words: string }[] | null} */
  #entries = null; // made by the first search
  #words;

  /**
   * `isDrawn(text)`: whether the reader's system draws an emoji, asked for one of each version that is not old.
   * @param {EmojiColumns} columns
   * @param {(text: string) => boolean} isDrawn
   */
  constructor({ groups, tones, emoji, labels, words, codes: shortcodes, marks }, isDrawn = () => true) {
    const [texts, names, short, mark] = [emoji, labels, shortcodes, marks].map((column) => column.split('\n'));
    /** @type {Map<string, boolean>} */
    const drawn = new Map();
    this.tones = tones;
    this.#words = plain(words).split('\n');
    let at = 0;
    for (const [key, name, count] of groups) {
      const group = { key, name, emoji: /** @type {Emoji[]} */ ([]) };
      for (const end = at + count; at < end; at++) {
        const version = mark[at].replace('t', '');
        if (version && !drawn.has(version)) drawn.set(version, isDrawn(texts[at]));
        if (version && !drawn.get(version)) continue;
        const codes = short[at].split(' ');
        const one = { at, text: texts[at], label: names[at], codes, toned: mark[at].endsWith('t') };
        group.emoji.push(one);
        this.#byText.set(bare(one.text), one);
        for (const code of one.codes) this.#byCode.set(code, one);
      }
      this.groups.push(group);
      this.all.push(...group.emoji);
    }
  }

  /**
   * The emoji that a text is, in whatever tone.
   * @param {string} text
   */
  of(text) {
    return this.#byText.get(bare(text));
  }

  /**
   * The emoji of a shortcode, such as `smile`.
   * @param {string} code
   */
  named(code) {
    return this.#byCode.get(code.toLowerCase());
  }

  /**
   * The emoji in which all words of a text are found, the best first: by English shortcodes and by the words of the
   * language, accents and case aside.
   * @param {string} text
   * @param {number} most
   */
  search(text, most = Infinity) {
    const terms = plain(text).trim().split(/\s+/);
    if (!terms[0]) return [];
    const found = [];
    for (const entry of (this.#entries ??= this.#makeEntries())) {
      let rank = 0;
      for (const term of terms) rank += rankOf(entry, term);
      if (rank < Infinity) found.push({ rank, emoji: entry.emoji });
    }
    return found.sort((a, b) => a.rank - b.rank).slice(0, most).map(({ emoji }) => emoji);
  }

  #makeEntries() {
    const labels = plain(this.all.map(({ label }) => label).join('\n')).split('\n');
    return this.all.map((emoji, i) => ({
      emoji, label: ` ${labels[i]} `, codes: ` ${emoji.codes.join('  ')} `, words: ` ${this.#words[emoji.at]} `,
    }));
  }
}

/**
 * How well a term fits, the less the better.
 * @param {{ label: string, codes: string, words: string }} entry
 * @param {string} term
 */
function rankOf({ label, codes, words }, term) {
  if (codes.includes(` ${term} `) || label === ` ${term} `) return 0;
  const at = codes.indexOf(` ${term}`);
  if (at >= 0) return 1 + (codes.indexOf(' ', at + 1) - at) / 100; // the shortest of those that begin so
  if (label.includes(` ${term} `)) return 2;
  if (label.includes(` ${term}`)) return 3;
  if (codes.includes(`_${term}`)) return 4;
  if (words.includes(` ${term} `)) return 5;
  if (words.includes(` ${term}`)) return 6;
  return label.includes(term) || words.includes(term) ? 7 : Infinity; // some languages have no spaces
}

/**
 * A text as it is compared: in small letters, without accents, words between spaces.
 * @param {string} text
 */
function plain(text) {
  const letters = text.toLowerCase().normalize('NFD').replace(ACCENT, '');
  return letters.split('\n').map((line) => line.replace(WORDS, ' ')).join('\n');
}

/** @param {string} text */
function bare(text) {
  return text.replace(/\uFE0F|\p{Emoji_Modifier}/gu, '');
}
