import highlight from '../node_modules/@highlightjs/cdn-assets/es/highlight.min.js';
import dockerfile from '../node_modules/@highlightjs/cdn-assets/es/languages/dockerfile.min.js';
import powershell from '../node_modules/@highlightjs/cdn-assets/es/languages/powershell.min.js';

highlight.registerLanguage('dockerfile', dockerfile);
highlight.registerLanguage('powershell', powershell);
export { highlight };
