/** Loads the page again where a part of it did not come: a network that changes at that moment drops what is on its way. */
(() => {
  const KEY = 'hearth.starts';
  const LONGEST = 15; // seconds between two starts
  let memory;
  try {
    memory = sessionStorage;
  } catch {
    return; // it would load again and again without a pause
  }
  let again = 0;

  addEventListener('error', ({ target }) => {
    const needed = target instanceof HTMLScriptElement || target?.rel === 'stylesheet';
    if (!needed || again) return;
    const starts = Number(memory.getItem(KEY));
    memory.setItem(KEY, starts + 1);
    again = setTimeout(() => location.reload(), 1000 * Math.min(2 ** starts, LONGEST));
  }, true);
  addEventListener('load', () => again || memory.removeItem(KEY));
})();
