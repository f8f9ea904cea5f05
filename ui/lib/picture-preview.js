/** Small pictures of pictures and films, made before they are sent: a list of messages shows these. */
const SIDE = 640; // points at most
const BYTES = 32768; // at most
const QUALITIES = [0.8, 0.6, 0.4, 0.25];
const SMALLER = 0.7;
const FRAME_AT = 1; // seconds into a film
const PATIENCE = 8000; // ms

/**
 * A small picture of a file, or null: it is none, the browser cannot show it, or it is small itself.
 * @param {Blob} file
 * @returns {Promise<Blob | null>}
 */
export async function previewOf(file) {
  try {
    if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') return await ofPicture(file);
    if (file.type.startsWith('video/')) return await ofFilm(file);
  } catch {
    // It is sent without.
  }
  return null;
}

/** @param {Blob} file */
async function ofPicture(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => imageOf(file));
  try {
    const { width, height } = bitmap;
    return Math.max(width, height) > SIDE ? await small(bitmap, width, height) : null;
  } finally {
    if ('close' in bitmap) bitmap.close();
  }
}

// Older browsers know no options for bitmaps; an image of theirs is turned as it says.
/** @param {Blob} file */
async function imageOf(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = Object.assign(new Image(), { src: address });
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {Blob} file */
async function ofFilm(file) {
  const address = URL.createObjectURL(file);
  const film = Object.assign(document.createElement('video'), { muted: true, playsInline: true, preload: 'auto' });
  try {
    const shown = once(film, 'loadeddata');
    film.src = address;
    await shown;
    const sought = once(film, 'seeked');
    film.currentTime = Math.min(FRAME_AT, (film.duration || 0) / 2);
    await sought;
    return await small(film, film.videoWidth, film.videoHeight);
  } finally {
    film.removeAttribute('src');
    film.load();
    URL.revokeObjectURL(address);
  }
}

/**
 * Rejects where it does not come, or comes too late.
 * @param {HTMLElement} element
 * @param {string} event
 */
function once(element, event) {
  return new Promise((resolve, reject) => {
    element.addEventListener(event, resolve, { once: true });
    element.addEventListener('error', reject, { once: true });
    setTimeout(reject, PATIENCE);
  });
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 */
async function small(source, width, height) {
  for (let side = SIDE; side >= 64; side *= SMALLER) {
    const scale = Math.min(1, side / Math.max(width, height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const made = await encoded(canvas, 'image/webp', quality);
      const blob = made?.type === 'image/webp' ? made : await encoded(onWhite(canvas), 'image/jpeg', quality);
      if (blob && blob.size <= BYTES) return blob;
    }
  }
  return null;
}

// A JPEG has no transparency, and would show black in its place.
/** @param {HTMLCanvasElement} canvas */
function onWhite(canvas) {
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} type
 * @param {number} quality
 * @returns {Promise<Blob | null>}
 */
function encoded(canvas, type, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}
