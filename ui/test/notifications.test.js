import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Notifications, askForNotifications, notificationState, tryNotification } from '../lib/notifications.js';

let shown, opened;
const ALERT = { room: 'general', n: 7, kind: 'public', title: 'General', by: 'Ana', words: 'see __init__.py' };

class FakeNotification {
  static permission = 'granted';
  static async requestPermission() {
    FakeNotification.permission = 'denied';
  }

  constructor(title, options) {
    if (FakeNotification.permission === 'broken') throw new TypeError('Illegal constructor');
    Object.assign(this, { title, ...options });
    shown.push(this);
  }

  close() {
    this.closed = true;
  }
}

beforeEach(() => {
  [shown, opened] = [[], []];
  FakeNotification.permission = 'granted';
  Object.assign(globalThis, { isSecureContext: true, Notification: FakeNotification });
});
afterEach(() => {
  delete globalThis.Notification;
  delete globalThis.isSecureContext;
});

const made = () => new Notifications({ open: (...place) => opened.push(place), icon: '/icon.png' });

test('a page knows why there are none', async () => {
  assert.equal(notificationState(), 'allowed');
  FakeNotification.permission = 'default';
  assert.equal(notificationState(), 'askable');
  FakeNotification.permission = 'broken';
  assert.equal(notificationState(), 'missing', 'only installed apps may');
  FakeNotification.permission = 'default';
  assert.equal(await askForNotifications(), 'denied');
  delete globalThis.Notification;
  assert.equal(notificationState(), 'missing');
  globalThis.isSecureContext = false;
  assert.equal(notificationState(), 'insecure');
  shown = [];
  made().show(ALERT, true);
  assert.deepEqual(shown, []);
});

test('one can be tried: a system that shows none says so', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const taken = tryNotification('/icon.png');
  assert.equal(shown[0].icon, '/icon.png');
  shown[0].onclick();
  assert.equal(shown[0].closed, true);
  mock.timers.tick(1500);
  assert.equal(await taken, true);
  for (const event of ['onerror', 'onclose']) {
    const refused = tryNotification();
    shown.at(-1)[event]();
    assert.equal(await refused, false);
  }
  FakeNotification.permission = 'broken';
  assert.equal(await tryNotification(), false);
});

test('a notification has the message, and leads to it', () => {
  made().show(ALERT, true);
  const [{ title, body, tag, icon }] = shown;
  assert.deepEqual([title, body, tag, icon], ['Ana in General', 'see __init__.py', 'hearth general', '/icon.png']);
  shown[0].onclick();
  assert.deepEqual([opened, shown[0].closed], [[['general', 7]], true]);
});

test('without its text it tells nothing of it', () => {
  made().show({ ...ALERT, kind: 'direct' }, false);
  assert.deepEqual([shown[0].title, shown[0].body], ['A new message for you', '']);
  made().show({ ...ALERT, kind: 'direct' }, true);
  assert.equal(shown[1].title, 'Ana');
});

test('it goes once its room was read', () => {
  const notifications = made();
  notifications.show(ALERT, true);
  notifications.show({ ...ALERT, room: 'other' }, true);
  notifications.clear(() => 1);
  notifications.clear((room) => (room === 'other' ? 0 : 1));
  assert.deepEqual(shown.map(({ closed }) => closed), [undefined, true]);
});

test('it stays until what is unread in its room is counted', () => {
  const notifications = made();
  notifications.show(ALERT, true);
  notifications.clear(() => 0);
  assert.equal(shown[0].closed, undefined);
  notifications.clear(() => 1);
  notifications.clear(() => 0);
  assert.equal(shown[0].closed, true);
});

test('a browser that has them for installed apps alone breaks nothing', () => {
  FakeNotification.permission = 'granted';
  Object.defineProperty(globalThis, 'Notification', { configurable: true, value: class {
    static permission = 'granted';
    constructor() {
      throw new TypeError('Illegal constructor');
    }
  } });
  made().show(ALERT, true);
  assert.deepEqual(shown, []);
});
