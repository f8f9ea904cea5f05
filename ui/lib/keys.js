/**
 * What keys and fingers do in the page, for the card that tells. A test holds each key against the module that handles
 * it; one without a module is the browser's own.
 */

/**
 * `press`: the keys that do it, each with those that are held down before it; `by`: the module that handles them.
 * @typedef {{ does: string, press: string[][], by?: string }} KeyEntry
 */

const VIEWER = 'parts/files/picture-viewer.js';

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
      { does: 'Next entry of a list, in a list', press: [['Shift', 'Enter']], by: 'parts/format-button.js' },
      { does: 'Bold', press: [['Mod', 'B']], by: 'parts/format-button.js' },
      { does: 'Italic', press: [['Mod', 'I']], by: 'parts/format-button.js' },
      { does: 'Link', press: [['Mod', 'K']], by: 'parts/format-button.js' },
      { does: 'Code', press: [['Mod', 'E']], by: 'parts/format-button.js' },
      { does: 'Along the bar of marks', press: [['ArrowLeft'], ['ArrowRight']], by: 'parts/format-bar.js' },
      { does: 'Change your last message, in an empty box', press: [['ArrowUp']], by: 'parts/composer.js' },
      { does: 'Cancel the reply or the change', press: [['Escape']], by: 'parts/composer.js' },
      { does: 'Complete a name or emoji: choose one', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/completion.js' },
      { does: 'Take what is chosen', press: [['Enter'], ['Tab']], by: 'parts/completion.js' },
      { does: 'Close the list', press: [['Escape']], by: 'parts/completion.js' },
      { does: 'Discard a recording', press: [['Escape']], by: 'parts/voice-strip.js' },
      { does: 'Read back and forth', press: [['PageUp'], ['PageDown']], by: 'parts/composer.js' },
    ],
  },
  {
    title: 'In the messages',
    keys: [
      { does: 'From message to message', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/list-keys.js' },
      { does: 'First and last message of the room', press: [['Home'], ['End']], by: 'parts/list-keys.js' },
      { does: 'Show a spoiler', press: [['Enter']], by: 'parts/text-buttons.js' },
      { does: 'What can be done with a message', press: [['Enter'], ['ContextMenu']], by: 'parts/message-actions.js' },
      {
        does: 'Along the tools of a message', press: [['ArrowLeft'], ['ArrowRight']], by: 'parts/message-actions.js',
      },
      { does: 'Select one more message', press: [['Enter'], ['ContextMenu']], by: 'parts/selection-bar.js' },
      { does: 'Select no more messages', press: [['Escape']], by: 'parts/selection-bar.js' },
      { does: 'Close the choice of reactions', press: [['Escape']], by: 'parts/message-actions.js' },
    ],
  },
  {
    title: 'In a thread',
    keys: [
      { does: 'Send the reply', press: [['Enter']], by: 'parts/composer.js' },
      { does: 'From reply to reply', press: [['ArrowUp'], ['ArrowDown']], by: 'parts/thread-panel.js' },
      { does: 'Close the thread', press: [['Escape']], by: 'parts/thread-panel.js' },
    ],
  },
  {
    title: 'In a picture',
    keys: [
      { does: 'The next picture, or the one before', press: [['ArrowLeft'], ['ArrowRight']], by: VIEWER },
      { does: 'Larger, smaller, and as large as fits', press: [['+'], ['-'], ['0']], by: VIEWER },
    ],
  },
  {
    title: 'In the list of rooms',
    keys: [
      { does: 'Move a room up or down', press: [['Alt', 'ArrowUp'], ['Alt', 'ArrowDown']], by: 'parts/sidebar.js' },
      { does: 'Options of a room', press: [['Alt', 'Enter']], by: 'parts/sidebar.js' },
      { does: 'Leave a room where it is while you drag it', press: [['Escape']], by: 'parts/room/row-gestures.js' },
    ],
  },
  {
    title: 'In cards and forms',
    keys: [
      {
        does: 'From the search for a room along what is found', press: [['ArrowDown'], ['ArrowUp']],
        by: 'parts/room/move-along.js',
      },
      {
        does: 'From the search for an emoji along what is found', by: 'parts/emoji-picker.js',
        press: [['ArrowDown'], ['Enter'], ['Escape']],
      },
      {
        does: 'Along the tones of skin', by: 'parts/emoji-tones.js',
        press: [['ArrowLeft'], ['ArrowRight'], ['ArrowUp'], ['ArrowDown']],
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
  ['Press the microphone and hold', 'Record until it is let go; a tap records until the next one'],
  ['Press a room and hold', 'Its options; move the finger on to drag it'],
  ['Tap beside an open column', 'Close it'],
  ['Swipe over an open picture', 'The next one, or the one before'],
];
