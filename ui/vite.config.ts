import { svelte } from '@sveltejs/vite-plugin-svelte';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['localStorage', 'baseLocale'],
    }),
    svelte(),
  ],
  resolve: {
    alias: { $lib: here('./src/lib') },
    // Vitest resolves Svelte's server build otherwise, in which runes do not react.
    conditions: process.env.VITEST ? ['browser'] : undefined,
  },
  build: {
    target: 'es2022',
    // A data: address would need an exception in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { field: here('./index.html'), desk: here('./desk.html') },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    // The field app in a browser needs the loopback host that serves its commands.
    proxy: Object.fromEntries(
      ['/opdracht', '/foto', '/rapport', '/gebeurtenissen'].map((path) => [
        path,
        process.env.VELDBOEK_HOST ?? 'http://127.0.0.1:4180',
      ]),
    ),
  },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'jsdom' },
      },
      {
        extends: true,
        test: {
          name: 'screens',
          include: ['tests/screens/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
