/** Workers, which take long work off the page. */

/** @type {{ createScriptURL(address: string): string } | undefined} */
let policy;

/**
 * Runs a module of the page; one that the browser cannot run raises `error`.
 * @param {string} address
 */
export function newWorker(address) {
  policy ??= window.trustedTypes?.createPolicy('worker', { createScriptURL: (each) => each }); // it is made once
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: 'module' });
}
