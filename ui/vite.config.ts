import { svelte } from '@sveltejs/vite-plugin-svelte';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { existsSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Gives each screen the texts that it shows instead of all of them, so that the first screen need not wait for those of the
 * others.
 */
function ownTexts(): Plugin {
  const all = /import\s*\{\s*m\s*\}\s*from\s*["']\$lib\/paraglide\/messages\.js["'];?/;
  const text = /\bm\.(\w+)/g;
  const another = /\b(?:const|let|var|function)\s+m\b|[(,]\s*m\s*[,)]|\bm\s*=>/;
  const home = here('./src/lib/paraglide/messages');
  const isText = (name: string) => existsSync(`${home}/${name}.js`);
  return {
    name: 'own-texts',
    apply: 'build',
    enforce: 'post',
    transform(code) {
      if (!all.test(code)) return null;
      if (another.test(code)) this.error('m are the texts here, and nothing else may have that name');
      const names = new Set([...code.matchAll(text)].map(([, name]) => name!).filter(isText));
      const imports = [...names].map((name) => `import { ${name} as m_${name} } from '${home}/${name}.js';`);
      const own = code.replace(text, (whole, name: string) => (names.has(name) ? `m_${name}` : whole));
      // Where it stands for all of them, it stays.
      const isNeeded = /\bm\b/.test(own.replace(all, ''));
      return { code: own.replace(all, (whole) => imports.join('') + (isNeeded ? whole : '')), map: null };
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      // One file for each text, so that each screen takes its own.
      outputStructure: 'message-modules',
      strategy: ['localStorage', 'baseLocale'],
    }),
    svelte(),
    ownTexts(),
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
      output: { codeSplitting: { groups: [{ name: 'common', minShareCount: 2 }] } },
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
