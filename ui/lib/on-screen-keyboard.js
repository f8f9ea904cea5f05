/** Keeps the page above the phone's keyboard where the browser lays the keyboard over it (Safari). */
const LEAST = 80; // pixels; less is a toolbar, not a keyboard

export function stayAboveKeyboard(root = document.documentElement, view = window.visualViewport) {
  view?.addEventListener('resize', () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > LEAST;
    if (covered) root.style.setProperty('--view', `${view.height}px`);
    else root.style.removeProperty('--view');
    if (covered) window.scrollTo(0, 0);
  });
}
