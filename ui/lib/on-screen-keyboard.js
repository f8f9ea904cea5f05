/** Keeps the page above the on-screen keyboard where the browser lays it over the page (Safari). */
const LEAST = 80; // pixels covered: less is a toolbar

export function stayAboveKeyboard(root = document.documentElement, view = window.visualViewport) {
  view?.addEventListener('resize', () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > LEAST;
    if (covered) root.style.setProperty('--view', `${view.height}px`);
    else root.style.removeProperty('--view');
    if (covered) window.scrollTo(0, 0);
  });
}
