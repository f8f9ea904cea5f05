/**
 * A user agent string -> words such as "Chrome on Android".
 * @type {[RegExp, string][]}
 */
const BROWSERS = [
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/OPR\/|OPT\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux|X11/, 'Linux'],
];

/** @param {string} agent */
export function agentName(agent) {
  const text = String(agent ?? '');
  const system = find(SYSTEMS, text);
  const browser = find(BROWSERS, text);
  // WebKit on Linux is an application's, not Apple's browser.
  if (browser === 'Safari' && system === 'Linux') return 'A window on Linux';
  if (browser && system) return `${browser} on ${system}`;
  return browser || system || text.match(/^[\w.-]+/)?.[0] || 'Unknown device';
}

/**
 * @param {[RegExp, string][]} list
 * @param {string} text
 */
function find(list, text) {
  return list.find(([sign]) => sign.test(text))?.[1] ?? '';
}
