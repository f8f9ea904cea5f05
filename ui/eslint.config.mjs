// What eslint holds the page to; the test command runs it (tests/test_page.py).
import js from '@eslint/js';

const NETWORK = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'].map((name) => ({
  name,
  message: 'Only lib/api.js, file-transport.js and socket.js touch the network, and start.js for api.js.',
}));
const layer = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const NO_LIBRARY = { group: ['**/node_modules/**'], message: 'Libraries come from vendor/.' };
const NO_VIEW = { group: ['**/parts/**', '**/main.js'], message: 'lib/ knows no view.' };
const NO_NETWORK = {
  group: ['api', 'attachments', 'chat', 'connection', 'file-transport', 'polling', 'socket']
    .map((name) => `**/lib/${name}.js`).concat('**/main.js'),
  allowImportNames: ['Problem'],
  message: 'Views read the store and raise events.',
};

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    rules: {
      complexity: ['error', 20],
      'max-len': ['error', { code: 120 }],
      eqeqeq: 'error',
      'no-shadow': 'error',
      'no-undef': 'off', // tsc knows which names there are
      'no-unused-expressions': ['error', { allowShortCircuit: true }],
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['lib/**'], rules: layer(NO_VIEW, NO_LIBRARY) },
  { files: ['lib/**', 'parts/**', 'main.js'], rules: { 'no-restricted-globals': ['error', ...NETWORK] } },
  { files: ['lib/api.js', 'lib/file-transport.js', 'lib/socket.js'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['parts/**'], rules: layer(NO_NETWORK, NO_LIBRARY) },
  {
    files: ['start.js'],
    languageOptions: { ecmaVersion: 5, sourceType: 'script' },
    rules: { 'no-shadow': 'off', 'no-unused-vars': 'off', 'no-var': 'off', 'prefer-const': 'off' },
  },
];
