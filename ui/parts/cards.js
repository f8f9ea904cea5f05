/** The cards over the page. */
import './host/host-card.js';
import './invite-card.js';
import './person-card.js';
import './question.js';
import './room/pinned-card.js';
import './room/room-card.js';
import './room/room-directory.js';
import './you/you-card.js';
