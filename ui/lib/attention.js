/** Whether somebody is looking at this page. */
export function isAttentive() {
  return document.visibilityState === 'visible' && document.hasFocus();
}
