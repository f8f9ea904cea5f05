/**
 * What keys and fingers do in the page, for the card that tells. A test holds each key against the module that handles
 * it; one without a module is the browser's own.
 */

/**
 * `press`: the keys that do it, each with those that are held down before it; `by`: the module that handles them.
 * @typedef {{ does: string, press: string[][], by?: string }} KeyEntry
 */

/** @type {{ title: string, keys: KeyEntry[] }[]} */
export const KEY_GROUPS = [
  {
    title: 'Anywhere',
    keys: [
      { does: 'Show this list', press: [['?'], ['Mod', '/']], by: 'parts/help-keys.js' },
      { does: 'Go to the message box: just type', press: [['A…Z']] },
      { does: 'Close the column of rooms or people', press: [['Escape']], by: 'parts/drawers.js' },
      { does: 'Close a card', press: [['Escape']] },
      { does: 'To the next thing, or the one before', press: [['Tab'], ['Shift', 'Tab']] },
    ],
  },
  {
    title: 'While you write',
    keys: [
      { does: 'Send', press: [['Enter']], by: 'parts/composer.js' },
      { does: 'New line', press: [['Shift', 'Enter']], by: 'parts/composer.js' },
      { does: 'Change your last message, in an empty box', press: [['ArrowUp']], by: 'parts/composer.js' },
      { does: 'Cancel the reply or the change', press: [['Escape']], by: 'parts/composer.js' },
      { does: 'Complete a name: choose one', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/completion.js' },
      { does: 'Take the name', press: [['Enter'], ['Tab']], by: 'parts/completion.js' },
      { does: 'Close the list of names', press: [['Escape']], by: 'parts/completion.js' },
      { does: 'Read back and forth', press: [['PageUp'], ['PageDown']], by: 'parts/composer.js' },
    ],
  },
  {
    title: 'In the messages',
    keys: [
      { does: 'From message to message', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/message-list.js' },
      { does: 'First and last message of the room', press: [['Home'], ['End']], by: 'parts/message-list.js' },
      { does: 'Show a spoiler', press: [['Enter']], by: 'parts/message-list.js' },
      { does: 'What can be done with a message', press: [['Enter'], ['ContextMenu']], by: 'parts/message-actions.js' },
      {
        does: 'Along the tools of a message', press: [['ArrowLeft'], ['ArrowRight']], by: 'parts/message-actions.js',
      },
      { does: 'Close the choice of reactions', press: [['Escape']], by: 'parts/message-actions.js' },
    ],
  },
  {
    title: 'In a thread',
    keys: [
      { does: 'Send the reply', press: [['Enter']], by: 'parts/thread-panel.js' },
      { does: 'From reply to reply', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/thread-panel.js' },
      { does: 'Close the thread', press: [['Escape']], by: 'parts/thread-panel.js' },
    ],
  },
  {
    title: 'In cards and forms',
    keys: [
      {
        does: 'From the search for a room along what is found', press: [['ArrowDown'], ['ArrowUp']],
        by: 'parts/room/move-along.js',
      },
      { does: 'Leave the topic as it is', press: [['Escape']], by: 'parts/room-topic.js' },
      {
        does: 'Along the tabs of the host panel', press: [['ArrowLeft'], ['ArrowRight']], by: 'parts/host/host-card.js',
      },
    ],
  },
];

/** What fingers do. */
export const GESTURES = [
  ['Press a message and hold', 'What can be done with it'],
  ['Tap beside an open column', 'Close it'],
];
