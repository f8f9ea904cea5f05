export { Lexer, Tokenizer } from '../node_modules/marked/lib/marked.esm.js';
