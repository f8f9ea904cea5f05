/**
 * A sound in a message, with a wave by which one goes to any place in it. One that is long, or that the browser cannot
 * draw, has the browser's own player. Nothing is decoded at sight that may be hours in some kilobytes.
 */
import { fileAddress } from '../../lib/file-address.js';
import { secondsIn } from '../../lib/sound-length.js';
import { waveOf } from '../../lib/sound-wave.js';
import { askFor } from './ask-for.js';
import { explain, fileHead } from './file-card.js';
import { fillMedia } from './media-box.js';
import { SoundPlayer } from './sound-player.js';
import { whenSeen } from './when-seen.js';
/** @import { Sent } from './file-card.js' */
/** @typedef {Awaited<ReturnType<typeof waveOf>>} Wave */

const MOST = 1 << 21; // bytes of a sound that is decoded at all
const AT_SIGHT = 1 << 19; // bytes of one that is decoded before somebody plays it: a voice message of two minutes
const LONGEST = 600; // seconds: each minute takes a browser some 12 MB while it is decoded
const KEPT = 200; // waves
const COUNTED = /^audio\/(ogg|webm|(x-)?wav|wave)$/; // how long these are does not stand on their word

/** @type {Map<string, Promise<Wave>>} */
const waves = new Map(); // by the address of the file
/** @type {Promise<unknown>} */
let turn = Promise.resolve(); // one is decoded after the other

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fillSound(box, sent) {
  const { room, file } = sent;
  if (file.size > MOST) return fillMedia(box, sent);
  const address = fileAddress(room, file.id);
  const draw = async () => {
    try {
      const { bars, seconds } = await waveOfFile(address, sent);
      player.show(bars, seconds);
    } catch (problem) {
      if (!box.contains(player.node) || !player.audio.paused) return; // it is told already, or it plays all the same
      if (problem?.status === undefined) fillMedia(box, sent);
      else explain(box, sent, { again: () => fillSound(box, sent), problem });
    }
  };
  const isKnown = () => {
    const { duration } = player.audio;
    if (Number.isFinite(duration) && duration > LONGEST) fillMedia(box, sent);
    else if (file.size <= AT_SIGHT && COUNTED.test(file.type)) draw();
  };
  const player = new SoundPlayer(file.name, { played: draw });
  // Also what is gone: the browser's player says so.
  player.audio.addEventListener('error', () => box.contains(player.node) && fillMedia(box, sent));
  box.replaceChildren(fileHead(box, sent), player.node);
  whenSeen(box, () => {
    player.audio.addEventListener('loadedmetadata', isKnown, { once: true });
    Object.assign(player.audio, { preload: 'metadata', src: address });
    player.size();
  });
}

/**
 * @param {string} address
 * @param {Sent} sent
 */
function waveOfFile(address, { room, file }) {
  const known = waves.get(address);
  if (known) return known;
  const wave = askFor('file-bytes', { room, id: file.id }).then((bytes) => {
    if (COUNTED.test(file.type) && secondsIn(new Uint8Array(bytes)) > LONGEST) throw new Error('it is too long');
    const drawn = turn.then(() => waveOf(bytes));
    turn = drawn.catch(() => null);
    return drawn;
  });
  waves.set(address, wave);
  wave.catch(() => waves.delete(address));
  if (waves.size > KEPT) waves.delete([...waves.keys()][0]);
  return wave;
}
