export { Lexer, Tokenizer } from 'marked';
export type { TokenizerExtensionFunction } from 'marked';
