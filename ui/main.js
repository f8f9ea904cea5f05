/** Puts the page together: the connection, the chat, what people do, and the address that names the room. */
import { laterAlerts } from './lib/alerts-later.js';
import * as api from './lib/api.js';
import { isAttentive } from './lib/attention.js';
import { Chat } from './lib/chat.js';
import { chime, readyChime } from './lib/chime.js';
import { Connection } from './lib/connection.js';
import { showDensity } from './lib/density.js';
import { keepTitle } from './lib/document-title.js';
import { keepFavicon } from './lib/favicon.js';
import { takeFiles } from './lib/file-drop.js';
import { IdleReport } from './lib/idle-report.js';
import { stayAboveKeyboard } from './lib/on-screen-keyboard.js';
import { Outbox } from './lib/outbox.js';
import { requestHandlers } from './lib/requests.js';
import { pathOf, roomFromPath } from './lib/room-name.js';
import { roomPreferences } from './lib/room-preferences.js';
import { tabStorage } from './lib/storage.js';
import { store } from './lib/store.js';
import { keepThreadAddress } from './lib/thread-address.js';
import { takeFragment, takePlace } from './lib/url-fragment.js';
import { watchWakeUp } from './lib/wake-up.js';
import { actions } from './parts/actions.js';
import './parts/app.js';
import { watchFirstVisit } from './parts/first-visit.js';
import { composerFor, focusComposer, focusOnTyping } from './parts/focus.js';
import { helpOnKeys } from './parts/help-keys.js';
import { laterPart } from './parts/later.js';
import { loaded } from './parts/loaded.js';
import { part } from './parts/part.js';
import './parts/question.js';
/** @import { Attachments } from './lib/attachments.js' */
/** @import { Confirm, Navigation, RequestHandlers } from './lib/types.d.ts' */
/** @import { Page } from './parts/types.d.ts' */

let place = takePlace(); // where to go once somebody is in
const found = takeFragment(); // before anything else: nobody should get to see it
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const connection = new Connection({ url: `${scheme}://${location.host}/api/live` });
const outbox = new Outbox({ memory: tabStorage, deliver: (entry) => connection.say(entry) });
/** @type {Confirm} */
const confirm = (question) => part('question')?.ask(question) ?? Promise.resolve(false);
/** @type {Navigation} */
const navigation = {
  here: location.host,
  leave: (base, fragment) => location.assign(`${base}${location.pathname.slice(1)}#${new URLSearchParams(fragment)}`),
  turnBack: () => history.length > 1 && history.back(),
};
const chat = new Chat({
  store, connection, api, outbox, isAttentive, confirm, navigation,
  memory: tabStorage,
  onRoomLeft: () => go('general', { replace: true }),
  onNews: laterAlerts({
    store, api, isAttentive, chime,
    flash: keepTitle(store, isAttentive),
    open: (room, n) => go(room, { push: true, n }),
  }),
});
/** @type {RequestHandlers} */
const requests = requestHandlers(chat, api, { confirm, openRoom: (room) => go(room, { push: true }) });
/** @type {Page['request']} */
const request = async (name, detail) => requests[name](detail);
const handlers = actions({ chat, connection, outbox, store, request, confirm, go, attachments });

/** @type {Attachments | null} */
let sender = null;
if (tabStorage.get('files', null) || outbox.entries().some(({ files }) => files)) attachments();

const closesThread = keepThreadAddress(store, () => chat.openThread(0));

for (const [name, act] of Object.entries(handlers)) {
  document.addEventListener(`hearth-${name}`, (event) => {
    const { detail, target } = /** @type {CustomEvent & { target: Element }} */ (event);
    act(detail, target);
  });
}
window.addEventListener('hashchange', takeLink);
window.addEventListener('popstate', () => closesThread() || closesTop() || go(roomFromPath(location.pathname)));
window.addEventListener('pagehide', () => {
  chat.removals.flush();
  chat.preferences.leave();
});
watchWakeUp({
  renew: () => connection.renew(),
  isLive: () => store.connection === 'live',
  restored: () => (store.phase === 'joining' ? chat.session.start() : connection.renew()),
});
stayAboveKeyboard();
showDensity();
takeFiles((files, target) => {
  const composer = composerFor(target);
  if (composer) composer.attach(files);
  else store.notify('Files can be added once you are in a room.');
});
keepFavicon(store);
readyChime();
const idle = new IdleReport((command) => connection.send(command));
connection.on('welcome', () => idle.renew());
helpOnKeys();
watchFirstVisit();
focusOnTyping();
store.watch(['room'], visitPlace);
store.watch(['attached'], () => store.attached.length && laterPart('file-tray'));
store.watch(['recovery-requests'], () => store.recoveryRequests.length && laterPart('recovery-prompt'));
chat.start(roomFromPath(location.pathname), found, place?.n).then(focusComposer);

/** What sends files, once it is needed; null where it does not come. */
async function attachments() {
  if (sender) return sender; // before the next key: what goes with a message is decided by then
  const module = await loaded(() => import('./lib/attachments.js'));
  return module && (sender ??= new module.Attachments({ store, outbox, memory: tabStorage }));
}

/**
 * Opens a room, at message `n` if that is given, at an address of its own in the history of the browser, or in place of
 * the one before.
 * @param {string} room
 */
function go(room, { push = false, replace = false, n = 0 } = {}) {
  if (replace) history.replaceState(null, '', pathOf(room));
  else if (push && pathOf(room) !== location.pathname) history.pushState(null, '', pathOf(room));
  if (roomPreferences(store.preferences).of(room).hidden) {
    chat.preferences.change({ rooms: { of: { [room]: { hidden: null } } } });
  }
  part('app')?.closeTop({ all: true });
  const opened = chat.open(room, { n });
  if (n) opened.then(() => goTo(room, n));
  else focusComposer();
}

// What lies over the conversation is what the back button closes; the room stays.
function closesTop() {
  const { room } = store;
  if (!room || !part('app')?.closeTop()) return false;
  history.pushState(null, '', pathOf(room.name));
  return true;
}

/**
 * Goes to a message of a room, if that room is still on view.
 * @param {string} room
 * @param {number} n
 */
async function goTo(room, n) {
  if (store.room?.name !== room) return;
  if (!store.room.ready) await chat.history.load(store.room);
  await chat.history.goTo(n);
}

// A link to this page was opened in it: the address changed and the page did not.
function takeLink() {
  place = takePlace() ?? place;
  visitPlace();
  const taken = takeFragment();
  if (Object.keys(taken).length) chat.session.takeLink(taken);
}

// Goes where the address leads, once the room is there.
async function visitPlace() {
  if (!place || store.phase !== 'in' || !store.room?.ready) return;
  const { n, person: who } = place;
  place = null;
  if (n) {
    await chat.history.goTo(n);
  } else {
    const people = [...store.room.people.values(), ...await api.people('').catch(() => [])];
    const person = people.find((each) => each.who === who);
    if (person) handlers['show-person'](person, document.body);
    else store.notify('Nobody like that is known here.');
  }
}
