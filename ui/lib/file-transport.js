/** Requests that carry files: unlike `fetch`, these tell how much has gone out. */
/** @import { FileAnswer, FileRequest } from './types.d.ts' */

const STALLED = 40000; // ms without a byte; the hub waits 30 s for one
const ANSWER = 120000; // ms in which the hub writes down the end of a large file
const TICK = 1000; // ms

/**
 * Resolves to the answer of the hub, whatever it is, and rejects where none came: `signal` ended the request, or the
 * network did.
 * @param {FileRequest} request
 * @returns {Promise<FileAnswer>}
 */
export function sendFile({ method, address, headers = {}, body = null, onProgress = () => {}, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let heard = Date.now();
    let allowed = body?.size ? STALLED : ANSWER;
    const timer = setInterval(() => Date.now() - heard > allowed && request.abort(), TICK);
    const stop = () => request.abort();
    const sign = () => { heard = Date.now(); };
    request.upload.onprogress = ({ loaded }) => {
      sign();
      onProgress(loaded);
    };
    request.upload.onload = () => {
      sign();
      allowed = ANSWER;
    };
    request.onload = () => resolve({
      status: request.status, header: (name) => request.getResponseHeader(name) ?? '', content: parsed(request),
    });
    request.onerror = request.onabort = () => reject(new Error('The hub was not reached.'));
    request.onloadend = () => {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    };
    request.open(method, address);
    request.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal?.addEventListener('abort', stop);
    request.send(body);
    if (signal?.aborted) stop();
  });
}

/** @param {XMLHttpRequest} request */
function parsed({ responseText }) {
  try {
    return JSON.parse(responseText);
  } catch {
    return null; // no answer of the hub's own has another form
  }
}
