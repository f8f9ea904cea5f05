/** In which language emoji are named, of those that `scripts/emoji.py` writes. */
const LANGUAGES = new Set(('bn da de en en-gb es es-mx et fi fr hi hu it ja ko lt ms nb nl pl pt ru sv th uk vi zh '
  + 'zh-hant').split(' '));
const ALIKE = /** @type {Record<string, string>} */ ({ no: 'nb', nn: 'nb' });
const BRITISH = new Set(['AU', 'GB', 'IE', 'IN', 'NZ', 'ZA']);

/**
 * The first language that there is of those that the reader knows, the best one first; else English.
 * @param {readonly string[]} known as in `navigator.languages`
 */
export function emojiLanguage(known) {
  return known.map(closest).find((language) => LANGUAGES.has(language)) ?? 'en';
}

/** @param {string} tag */
function closest(tag) {
  try {
    const { language, script, region = '' } = new Intl.Locale(tag).maximize();
    if (language === 'en') return BRITISH.has(region) ? 'en-gb' : 'en';
    if (language === 'es') return region === 'ES' ? 'es' : 'es-mx';
    if (language === 'zh') return script === 'Hant' ? 'zh-hant' : 'zh';
    return ALIKE[language] ?? language;
  } catch {
    return ''; // no language at all
  }
}
