/** Puts the pieces together: parts raise events, this turns them into acts of the chat, and the address into a room. */
import { isAttentive } from './lib/attention.js';
import { Chat } from './lib/chat.js';
import { copyText } from './lib/clipboard.js';
import { showDensity } from './lib/density.js';
import { refuseFiles } from './lib/file-drop.js';
import { takeFragment } from './lib/url-fragment.js';
import { stayAboveKeyboard } from './lib/on-screen-keyboard.js';
import { Connection } from './lib/connection.js';
import { pathOf, roomFromPath } from './lib/room-name.js';
import { Outbox } from './lib/outbox.js';
import * as api from './lib/api.js';
import { tabStorage } from './lib/storage.js';
import { store } from './lib/store.js';
import './parts/app.js';
import { requestHandlers } from './lib/requests.js';

const brought = takeFragment(); // before anything else: nobody should get to see it
const connection = new Connection({ url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live` });
const outbox = new Outbox({ memory: tabStorage, deliver: (entry) => connection.say(entry) });
const part = (name) => document.querySelector(`hearth-${name}`);
const ask = (question) => part('question').ask(question);
const leave = (base, fragment) => location.assign(`${base}${location.pathname.slice(1)}#${new URLSearchParams(fragment)}`);
const turnBack = () => history.length > 1 && history.back();
const chat = new Chat({ store, connection, api, outbox, attentive: isAttentive, ask, memory: tabStorage, leave, turnBack, here: location.host });
const app = document.querySelector('hearth-app');
const thumbs = matchMedia('(pointer: coarse)');

const acts = {
  join: ({ gate, ...given }) => chat.session.join(given).then(ready, (problem) => gate.refused(problem)),
  login: ({ gate, ...given }) => chat.session.login(given).then(ready, (problem) => gate.refused(problem)),
  elsewhere: (way) => chat.session.recovery.goBy(way),
  'look-again': () => chat.session.look(),
  'ask-back': ({ gate, ...given }) => chat.session.askBack(given).catch((problem) => gate.refused(problem)),
  'withdraw-ask': () => chat.session.recovery.withdraw().catch((problem) => store.tell(problem.message)),
  withdraw: () => chat.session.leave().catch((problem) => store.tell(problem.message)),
  request: ({ name, detail, answer }) => answer(request(name, detail)),
  open: ({ room }) => go(room, { push: true }),
  say: ({ text, re }) => chat.say(text, re),
  retry: ({ key }) => outbox.retry(key),
  discard: ({ key }) => outbox.remove(key),
  typing: () => chat.typing(),
  seen: () => chat.seen(),
  older: () => chat.history.more('older'),
  newer: () => chat.history.more('newer'),
  newest: () => chat.history.newest(),
  oldest: () => chat.history.goTo(0),
  jump: ({ n }) => chat.history.goTo(n),
  want: ({ n }) => chat.history.want(n),
  renew: () => connection.renew(),
  reply: ({ message }) => part('composer').reply(message),
  edit: ({ message }) => part('composer').edit(message),
  save: ({ n, text }) => attempt({ do: 'edit', of: n, text }).then((taken) => part('composer').edited(taken)),
  react: ({ n, text }) => attempt({ do: 'react', of: n, text }),
  pin: ({ n }) => attempt({ do: 'pin', of: n }),
  topic: ({ text }) => attempt({ do: 'topic', text }),
  erase: ({ n, message }) => erase(n, message),
  copy: ({ message, text }) => copyText(text ?? message.text).then((done) => store.tell(done ? 'Copied.' : 'This browser does not let Hearth copy.')),
  drawer: ({ name }) => app.drawer(name),
  page: ({ direction }) => part('message-list').page(direction),
  invite: () => part('invite-card').open(() => chat.invite()),
  you: ({ face }) => part('you-card').open(face),
  about: ({ face, fresh }) => {
    if (fresh && !thumbs.matches) part('composer')?.focus(); // there the focus comes back to
    part('room-card').open(face);
  },
  person: (person) => part('person-card').show(person),
  pinned: () => part('pinned-card').open(),
  ready: () => ready(),
  mute: ({ id, name }) => store.setMuted(id, name),
  forget: ({ room }) => forget(room),
  'new-room': ({ kind }) => part('room-directory').open(kind),
  settle: () => settle(),
  'host-panel': () => part('host-card').open(),
  message: ({ who }) => request('message', { who }).catch((problem) => store.tell(problem.message)),
};
const handlers = requestHandlers(chat, { ask, go: (room) => go(room, { push: true }) });

for (const [name, act] of Object.entries(acts)) document.addEventListener(`hearth-${name}`, ({ detail }) => act(detail));

window.addEventListener('hashchange', follow);
store.addEventListener('left', () => go('general', { replace: true }));
window.addEventListener('popstate', () => go(roomFromPath(location.pathname)));
wakeful();
stayAboveKeyboard();
showDensity();
refuseFiles((text) => store.tell(text));
for (const topic of ['room', 'rooms', 'log', 'phase']) store.addEventListener(topic, title);
document.addEventListener('keydown', typeAnywhere);
chat.start(roomFromPath(location.pathname), brought).then(ready);

function go(room, { push = false, replace = false } = {}) {
  if (replace) history.replaceState(null, '', pathOf(room));
  else if (push && pathOf(room) !== location.pathname) history.pushState(null, '', pathOf(room));
  app.drawer('');
  chat.open(room);
  ready();
}

// A room in which nothing was said is taken out of this browser's list.
function forget(room) {
  store.dropRoom(room);
  if (room === store.room?.name) go('general', { replace: true });
}

// Ready to write, but on a phone not before it is asked for: the keyboard would cover half the page.
function ready() {
  if (!thumbs.matches) setTimeout(() => document.querySelector('dialog[open]') ?? part('composer')?.focus(), 30);
}

// The focus has lost its place.
function settle() {
  const shown = ({ offsetParent }) => offsetParent;
  if (thumbs.matches) [...document.querySelectorAll('.head button')].find(shown)?.focus();
  else ready();
}

async function request(name, detail) {
  return handlers[name](detail);
}

function attempt(command) {
  return chat.act(command).then(() => true, (problem) => {
    store.tell(problem.message);
    return false;
  });
}

async function erase(n, message) {
  const whose = message.who === store.me.who ? 'this message' : `this message by ${message.by}`;
  const yes = await ask({ title: `Remove ${whose}?`, text: 'Its text is deleted for everybody, also from the file. This cannot be undone.', yes: 'Remove' });
  if (yes) await attempt({ do: 'erase', of: message.n ?? n });
}

// A link to this page was opened in it: the address changed and the page did not.
function follow() {
  const found = takeFragment();
  if (Object.keys(found).length) chat.session.bring(found);
}

// After sleep or a walk to another network an open socket may be dead without knowing.
function wakeful() {
  let hidden = 0;
  window.addEventListener('online', () => connection.renew());
  window.addEventListener('offline', () => store.changed('connection'));
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted && store.phase === 'gate') chat.session.start();
    else if (persisted) connection.renew();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden = Date.now();
    else if (Date.now() - hidden > 20000 || store.connection !== 'live') connection.renew();
  });
}

function title() {
  const name = store.phase === 'in' && store.room?.name;
  const count = name ? store.unread() : 0;
  const text = name ? `${count ? `(${count}) ` : ''}${store.titleOf(name)} · Hearth` : 'Hearth';
  if (document.title !== text) document.title = text;
}

// A letter typed while nothing is being written goes to the composer.
function typeAnywhere(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === ' ') return;
  if (event.target.closest('input, textarea, dialog[open], button, a, .aside, .side')) return;
  part('composer')?.focus();
}
