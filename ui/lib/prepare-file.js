/** What of a chosen file is sent. */
import { withoutMetadata } from './picture-metadata.js';
import { previewOf } from './picture-preview.js';
/** @import { Prepared } from './types.d.ts' */

const LARGEST = 1 << 27; // bytes of a picture that is read into memory

/**
 * A picture goes without where and when it was taken, unless `keep` says otherwise. Rejects where the file cannot be
 * read, as with a folder.
 * @param {File} file
 * @param {{ keep: boolean, preview?: (file: Blob) => Promise<Blob | null> }} how
 * @returns {Promise<Prepared>}
 */
export async function prepareFile(file, { keep, preview = previewOf }) {
  if (file.size) await file.slice(0, 1).arrayBuffer();
  const cleaned = /^image\/(jpeg|png|webp)$/.test(file.type) && file.size <= LARGEST && !keep
    ? withoutMetadata(await file.arrayBuffer())
    : null;
  const body = cleaned?.removed ? new Blob(cleaned.parts, { type: file.type }) : file;
  return { body, preview: await preview(body), stripped: body !== file };
}
