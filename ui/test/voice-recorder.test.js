import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { VoiceRecorder } from '../lib/voice-recorder.js';
import { pass, settle, stopClock } from './fakes.js';

/** A browser's recorder, which is told what it hears. */
class Recorder {
  state = 'inactive';
  static isTypeSupported = (kind) => kind.startsWith('audio/ogg');

  constructor(stream, options) {
    Object.assign(this, { stream, options, mimeType: options.mimeType });
    recorders.push(this);
  }

  start() {
    this.state = 'recording';
  }

  hears(text) {
    this.ondataavailable({ data: new Blob([text]) });
  }

  stop() {
    this.state = 'inactive';
    this.onstop();
  }
}

let recorders = [];
let tracks = [];
let ends = [];

function recorder({ refused = null, allowed = Promise.resolve(), Kind = Recorder } = {}) {
  const getUserMedia = async (wanted) => {
    assert.equal(wanted.audio.echoCancellation, true);
    await allowed;
    if (refused) throw refused;
    const track = { stopped: 0, stop: () => { track.stopped += 1; }, onended: null };
    tracks.push(track);
    return { getTracks: () => [track] };
  };
  return new VoiceRecorder((file, why) => ends.push({ file, why }), { devices: { getUserMedia }, Recorder: Kind });
}

/** The clock's timers stand still, so what waits for the disk is waited for. */
async function ended() {
  for (let i = 0; i < 100 && !ends.length; i += 1) await settle();
  return ends;
}

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  [recorders, tracks, ends] = [[], [], []];
});

test('what was heard becomes a file named after the time', async () => {
  const voice = recorder();
  assert.equal(voice.isRunning, false);
  await voice.begin();
  assert.equal(voice.isRunning, true);
  assert.deepEqual(recorders[0].options, { audioBitsPerSecond: 40000, mimeType: 'audio/ogg;codecs=opus' });
  recorders[0].hears('one ');
  await pass(2500);
  assert.equal(voice.seconds, 2.5);
  recorders[0].hears('two');
  voice.end();
  const [{ file, why }] = await ended();
  assert.match(file.name, /^Voice message 2026-11-2\d \d\d\.00\.ogg$/);
  assert.deepEqual([file.type, await file.text(), why], ['audio/ogg', 'one two', '']);
  assert.equal(voice.isRunning, false);
  assert.equal(tracks[0].stopped, 1);
});

test('a WebM gets its duration', async () => {
  const Kind = class extends Recorder { static isTypeSupported = (kind) => kind.includes('webm'); };
  const voice = recorder({ Kind });
  await voice.begin();
  const head = [0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0xff, 0x15, 0x49, 0xa9, 0x66, 0x80, 9, 9];
  recorders[0].hears(new Uint8Array(head));
  await pass(1000);
  voice.end();
  const [{ file }] = await ended();
  assert.equal(file.type, 'audio/webm');
  const bytes = new Uint8Array(await file.arrayBuffer());
  assert.equal(bytes.length, head.length + 18);
  assert.equal(new DataView(bytes.buffer).getFloat64(bytes.length - 10), 1000);
});

test('a microphone that goes away, and an hour, keep what was recorded and say so', async () => {
  const voice = recorder();
  await voice.begin();
  recorders[0].hears('half');
  tracks[0].onended();
  assert.equal(await (await ended())[0].file.text(), 'half');
  assert.match(ends[0].why, /microphone is gone/);
  ends = [];
  await recorder().begin();
  recorders[1].hears('long');
  await pass(3600000);
  assert.match((await ended())[0].why, /up to an hour/);
});

test('a recorder that the browser ends keeps what was recorded', async () => {
  const voice = recorder();
  await voice.begin();
  recorders[0].hears('half');
  recorders[0].stop();
  assert.match((await ended())[0].why, /microphone is gone/);
});

test('of what is dropped nothing is told', async () => {
  const voice = recorder();
  await voice.begin();
  recorders[0].hears('no');
  voice.drop();
  voice.end();
  await settle();
  assert.deepEqual(ends, []);
  assert.ok(tracks[0].stopped);
});

test('what is dropped before it begins lets go of the microphone', async () => {
  const { promise, resolve } = later();
  const voice = recorder({ allowed: promise });
  const began = voice.begin();
  voice.drop();
  resolve();
  assert.equal(await began, null);
  assert.deepEqual([tracks[0].stopped, recorders.length, ends], [1, 0, []]);
});

test('nothing heard is told, and a refusal is the browser’s own', async () => {
  const voice = recorder();
  await voice.begin();
  voice.end();
  assert.deepEqual(await ended(), [{ file: null, why: 'Nothing was recorded.' }]);
  const refused = Object.assign(new Error('no'), { name: 'NotAllowedError' });
  await assert.rejects(recorder({ refused }).begin(), refused);
});

test('a browser that cannot record what it hears lets go of the microphone', async () => {
  const Kind = class extends Recorder {
    start() {
      throw new Error('no');
    }
  };
  await assert.rejects(recorder({ Kind }).begin(), /no/);
  assert.ok(tracks[0].stopped);
});

function later() {
  let resolve = () => {};
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}
