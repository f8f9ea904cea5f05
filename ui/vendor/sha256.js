export { sha256 } from '../node_modules/@noble/hashes/sha2.js';
