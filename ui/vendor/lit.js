export { html, svg, nothing, render } from '../node_modules/lit-html/lit-html.js';
export { repeat } from '../node_modules/lit-html/directives/repeat.js';
export { live } from '../node_modules/lit-html/directives/live.js';
