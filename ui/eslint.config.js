import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const tauri = {
  group: ['@tauri-apps/*'],
  message: 'Only src/lib/platform/ knows Tauri: add what you need to the Platform interface.',
};

export default ts.config(
  { ignores: ['dist', 'src/lib/paraglide', 'src/lib/platform/generated', 'src/desk/api/generated.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-restricted-imports': ['error', { patterns: [tauri] }],
      'no-console': 'error',
      eqeqeq: 'error',
      // TypeScript knows which names exist.
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    rules: {
      // The only raw markup is icons that are part of the build.
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      'prefer-const': 'off',
      // The compiler reports these itself.
      'svelte/no-unused-svelte-ignore': 'off',
      // Maps and sets here are values that are replaced whole.
      'svelte/prefer-svelte-reactivity': 'off',
      // Several fields write into one draft between two answers of the app.
      'svelte/prefer-writable-derived': 'off',
      // Links are hash addresses of our own router; there is no SvelteKit here.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { files: ['src/lib/platform/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['scripts/**', 'tests/**', '*.config.*'], rules: { 'no-console': 'off' } },
);
