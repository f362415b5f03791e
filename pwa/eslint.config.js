import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

// The rooms of the phone app: one file opens the database, one fetches, one holds keys.
const oneFileOnly = (name, message) => ({ name, message })

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'public/'] },
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.serviceworker } },
    rules: {
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-at-html-tags': 'error',
      'no-restricted-globals': [
        'error',
        oneFileOnly('indexedDB', 'Only store.ts opens IndexedDB.'),
        oneFileOnly('fetch', 'Only courier.ts fetches.'),
        oneFileOnly('localStorage', 'Nothing readable is stored outside the vault.'),
        oneFileOnly('sessionStorage', 'Nothing readable is stored outside the vault.'),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'fetch', message: 'Only courier.ts fetches.' },
        { object: 'window', property: 'indexedDB', message: 'Only store.ts opens IndexedDB.' },
        { property: 'innerHTML', message: 'Text is text.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'idb', message: 'Only store.ts opens IndexedDB.' },
            { name: '@hpke/core', message: 'Only vault.ts holds keys.' },
            { name: 'hash-wasm', message: 'Only vault.ts holds keys.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['src/store.ts', 'src/vault.ts', 'src/argon.ts', 'tests/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['src/store.ts', 'tests/**'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['src/courier.ts', 'src/service_worker.ts'], rules: { 'no-restricted-globals': 'off' } },
)
