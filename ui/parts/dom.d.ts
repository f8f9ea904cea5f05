/** What parts look for in the page, and what people do something with, are HTML elements, no SVG. */
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends HTMLElement = HTMLElement>(selectors: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends HTMLElement = HTMLElement>(selectors: string): NodeListOf<E>;
}
interface Element {
  closest<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  closest<E extends HTMLElement = HTMLElement>(selectors: string): E | null;
}
interface Document { readonly activeElement: HTMLElement | null }
/** Where the browser has it: the hub allows one more policy than that of lit. */
interface Window {
  trustedTypes?: {
    createPolicy(name: 'worker', rules: { createScriptURL(address: string): string }): typeof rules;
  };
}
interface UIEvent { readonly target: HTMLElement }

/** The parts that others call. */
interface HTMLElementTagNameMap {
  'hearth-app': import('./app.js').HearthApp;
  'hearth-completion': import('./completion.js').HearthCompletion;
  'hearth-composer': import('./composer.js').HearthComposer;
  'hearth-files': import('./files/files.js').HearthFiles;
  'hearth-files-card': import('./files/files-card.js').HearthFilesCard;
  'hearth-help-card': import('./help-card.js').HearthHelpCard;
  'hearth-file-menu': import('./file-menu.js').HearthFileMenu;
  'hearth-file-tray': import('./file-tray.js').HearthFileTray;
  'hearth-forward-card': import('./forward-card.js').HearthForwardCard;
  'hearth-emoji-picker': import('./emoji-picker.js').HearthEmojiPicker;
  'hearth-host-card': import('./host/host-card.js').HearthHostCard;
  'hearth-invite-card': import('./invite-card.js').HearthInviteCard;
  'hearth-message-actions': import('./message-actions.js').HearthMessageActions;
  'hearth-message-list': import('./message-list.js').HearthMessageList;
  'hearth-mentions-card': import('./mentions-card.js').HearthMentionsCard;
  'hearth-person-card': import('./person-card.js').HearthPersonCard;
  'hearth-picture-viewer': import('./files/picture-viewer.js').HearthPictureViewer;
  'hearth-pinned-card': import('./room/pinned-card.js').HearthPinnedCard;
  'hearth-outside-note': import('./outside-note.js').HearthOutsideNote;
  'hearth-poll': import('./poll.js').HearthPoll;
  'hearth-poll-form': import('./poll-form.js').HearthPollForm;
  'hearth-question': import('./question.js').HearthQuestion;
  'hearth-readers-card': import('./readers-card.js').HearthReadersCard;
  'hearth-reactions-card': import('./reactions-card.js').HearthReactionsCard;
  'hearth-recovery-prompt': import('./recovery-prompt.js').HearthRecoveryPrompt;
  'hearth-room-card': import('./room/room-card.js').HearthRoomCard;
  'hearth-room-header': import('./room-header.js').HearthRoomHeader;
  'hearth-room-options': import('./room/room-options.js').HearthRoomOptions;
  'hearth-sending-files': import('./sending-files.js').HearthSendingFiles;
  'hearth-sidebar': import('./sidebar.js').HearthSidebar;
  'hearth-room-directory': import('./room/room-directory.js').HearthRoomDirectory;
  'hearth-thread-composer': import('./thread-composer.js').HearthThreadComposer;
  'hearth-thread-panel': import('./thread-panel.js').HearthThreadPanel;
  'hearth-voice-card': import('./voice-card.js').HearthVoiceCard;
  'hearth-voice-strip': import('./voice-strip.js').HearthVoiceStrip;
  'hearth-versions-card': import('./versions-card.js').HearthVersionsCard;
  'hearth-welcome-card': import('./host/welcome-card.js').HearthWelcomeCard;
  'hearth-selection-bar': import('./selection-bar.js').HearthSelectionBar;
  'hearth-you-card': import('./you/you-card.js').HearthYouCard;
}
