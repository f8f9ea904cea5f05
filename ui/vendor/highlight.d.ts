/** What is used of highlight.js: a tree of scopes, from which nodes are made without HTML. */
interface Scoped { scope?: string; children: (string | Scoped)[] }
interface Highlighted { language?: string; relevance: number; _emitter: { root: Scoped }; secondBest?: Highlighted }
export const highlight: {
  getLanguage(word: string): { name: string } | undefined;
  highlight(code: string, options: { language: string; ignoreIllegals: boolean }): Highlighted;
  highlightAuto(code: string, languages: string[]): Highlighted;
};
