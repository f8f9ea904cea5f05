import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  placeText, plainType, recordedKind, recordingName, recordingProblem, whyNoRecording,
} from '../lib/voice-words.js';

test('a browser records the best kind that it knows', () => {
  assert.equal(recordedKind(() => true), 'audio/ogg;codecs=opus');
  assert.equal(recordedKind((kind) => kind.includes('webm')), 'audio/webm;codecs=opus');
  assert.equal(recordedKind((kind) => kind === 'audio/mp4'), 'audio/mp4');
  assert.equal(recordedKind(() => false), '');
});

test('a recording is called after its time, without what a system refuses in a name', () => {
  const began = new Date(2026, 10, 9, 8, 5, 7);
  assert.equal(recordingName(began, 'audio/ogg'), 'Voice message 2026-11-09 08.05.ogg');
  assert.equal(recordingName(began, 'audio/webm;codecs=opus'), 'Voice message 2026-11-09 08.05.webm');
  assert.equal(recordingName(began, 'audio/mp4'), 'Voice message 2026-11-09 08.05.m4a');
  assert.equal(recordingName(began, 'audio/flac'), 'Voice message 2026-11-09 08.05.webm');
  assert.equal(plainType('Audio/WebM; codecs=opus'), 'audio/webm');
});

test('why a page cannot record is told', () => {
  const recorder = (own) => ({ isTypeSupported: (kind) => kind === own });
  const able = { isSecureContext: true, MediaRecorder: recorder('audio/mp4'), navigator: { mediaDevices: {} } };
  assert.equal(whyNoRecording(able), '');
  assert.match(whyNoRecording({ ...able, isSecureContext: false }), /only over https/);
  assert.match(whyNoRecording({ ...able, MediaRecorder: undefined }), /cannot record/);
  assert.match(whyNoRecording({ ...able, MediaRecorder: recorder('audio/flac') }), /cannot record/);
  assert.match(whyNoRecording({ ...able, navigator: {} }), /cannot record/);
});

test('each problem of a microphone has a sentence', () => {
  assert.match(recordingProblem({ name: 'NotAllowedError' }), /does not let this page/);
  assert.match(recordingProblem({ name: 'NotFoundError' }), /No microphone/);
  assert.match(recordingProblem({ name: 'NotReadableError' }), /Another program/);
  assert.match(recordingProblem(new TypeError('x')), /cannot record/);
});

test('a place in a sound is told in hours, minutes and seconds', () => {
  assert.equal(placeText(0), '0:00');
  assert.equal(placeText(7.9), '0:07');
  assert.equal(placeText(754), '12:34');
  assert.equal(placeText(3723), '1:02:03');
  for (const none of [NaN, Infinity, -1]) assert.equal(placeText(none), '0:00');
});
