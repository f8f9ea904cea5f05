/** What the worker for colours of code runs: answers each `{ code, word }` with what `codeTokens` says. */
import { codeTokens } from './code-tokens.js';

self.onmessage = ({ data: { code, word } }) => self.postMessage(codeTokens(code, word));
