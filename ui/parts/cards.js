/** The cards over the page. The first paint needs none of them: `card-loader.js` fetches them later. */
import './host/host-card.js';
import './invite-card.js';
import './person-card.js';
import './question.js';
import './room/pinned-card.js';
import './room/room-card.js';
import './room/room-directory.js';
import './you/you-card.js';
