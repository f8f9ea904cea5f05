/**
 * Runs before everything else, in ES5. Says so where the browser lacks what the page needs, asks the hub the page's
 * first question, and loads the page again where a part of it did not come: a network that changes at that moment drops
 * what is on its way.
 */
(function () {
  // The newest features that the page needs. Chrome 99, Firefox 98 and Safari 15.4 were the first to have them all, and
  // had the syntax before.
  var NEEDED = [
    'CSSLayerBlockRule', // @layer
    'HTMLDialogElement.prototype.showModal',
    'Element.prototype.replaceChildren',
    'Object.hasOwn',
    'ResizeObserver',
    'customElements'
  ];
  var KEY = 'hearth.starts';
  var OLDER = document.currentScript.src.replace('start.js', 'css/older.css');
  var LONGEST = 15; // seconds between two starts
  var memory;
  var again = 0;

  for (var i = 0; i < NEEDED.length; i += 1) if (!has(NEEDED[i])) return tooOld();
  if (!location.hash) ask(); // what stands there may make us somebody else first
  if (!CSS.supports('color', 'oklch(0 0 0)') || !CSS.supports('height', '1dvh')) {
    document.addEventListener('readystatechange', addOlder);
  }
  try {
    memory = sessionStorage;
  } catch (error) {
    return; // without memory it would load again and again without a pause
  }

  addEventListener('error', function (event) {
    var target = event.target;
    var needed = target instanceof HTMLScriptElement || (target && target.rel === 'stylesheet');
    if (!needed || again) return;
    var starts = Number(memory.getItem(KEY));
    memory.setItem(KEY, starts + 1);
    again = setTimeout(function () { location.reload(); }, 1000 * Math.min(Math.pow(2, starts), LONGEST));
  }, true);
  addEventListener('load', function () {
    if (!again) memory.removeItem(KEY);
    again = again || -1; // what is loaded later tells of it by itself
  });

  function has(path) {
    var value = window;
    var names = path.split('.');
    for (var i = 0; i < names.length; i += 1) {
      value = value[names[i]];
      if (!value) return false;
    }
    return true;
  }

  // The modules are still to come: lib/api.js takes the answer.
  function ask() {
    var stop = new AbortController();
    var answer = fetch('/api/start?room=' + location.pathname.slice(1), {
      signal: stop.signal, cache: 'no-store', headers: { Accept: 'application/json' }
    });
    answer.catch(function () {}); // api.js hears of it
    window.hearthStart = { stop: stop, answer: answer };
  }

  // Behind the page's own sheet, which is there once the page was read.
  function addOlder() {
    document.removeEventListener('readystatechange', addOlder);
    var sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = OLDER;
    document.head.appendChild(sheet);
  }

  // No other script runs: half a page, whose buttons do nothing, would be worse than a sentence.
  function tooOld() {
    var policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "script-src 'none'";
    document.head.appendChild(policy);
    document.addEventListener('DOMContentLoaded', function () {
      var body = document.body;
      body.textContent = '';
      body.style.cssText = 'max-width: 32em; min-height: 0; margin: 15vh auto; padding: 0 24px; '
        + 'font: 16px/1.5 sans-serif';
      var title = body.appendChild(document.createElement('h1'));
      title.style.cssText = 'font-size: 24px; margin-bottom: 12px';
      title.textContent = 'This browser is too old for Hearth';
      var text = body.appendChild(document.createElement('p'));
      text.textContent = 'Update it, or open this address in another one: Chrome or Edge 99, Firefox 98, Safari 15.4, '
        + 'or anything newer. An iPhone or iPad needs iOS 15.4.';
    });
  }
}());
