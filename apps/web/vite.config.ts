import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { pdfData } from './pdf-data.ts';

// One instance each for the whole process: the program that serves this app provides their services and throws their
// errors. They stay out of the server's bundle and run as they are.
const SHARED = ['access', 'board', 'db', 'domain', 'editor', 'i18n', 'mail', 'schema', 'storage'];

const shared = new RegExp(`^@engawa/(${SHARED.join('|')})(/|$)`);

// `ssr.external` alone keeps only .js files out of a build.
const oneInstance: Plugin = {
  name: 'engawa:one-instance',
  apply: 'build',
  enforce: 'pre',
  applyToEnvironment: (environment) => environment.name === 'ssr',
  resolveId: (id) => (shared.test(id) ? { id, external: true } : null),
};

export default defineConfig({
  plugins: [
    oneInstance,
    pdfData,
    paraglideVitePlugin({
      project: '../../packages/i18n/project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['globalVariable', 'baseLocale'],
    }),
    tailwindcss(),
    sveltekit({
      adapter: adapter({ out: 'build' }),
      compilerOptions: { experimental: { async: true } },
      experimental: { remoteFunctions: true },
      // Only those who are signed in have one: `lib/offline` puts it in place.
      serviceWorker: { register: false },
      version: { pollInterval: 10 * 60_000 },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          // Attributes only: floating menus are placed by `style`, and documents carry none of their own.
          'style-src': ['self'],
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
  // Found only when a document is opened: told beforehand, so that `pnpm dev` need not begin its page anew.
  optimizeDeps: {
    include: [
      '@hocuspocus/provider',
      'socket.io-client',
      'y-indexeddb',
      'yjs',
      ...[
        '@tiptap/core',
        '@tiptap/extension-collaboration',
        '@tiptap/extension-list',
        '@tiptap/pm/model',
        '@tiptap/pm/state',
        '@tiptap/pm/transform',
        '@tiptap/starter-kit',
        '@tiptap/y-tiptap',
        'markdown-it',
        'markdown-it-cjk-friendly',
        'yjs',
      ].map((dependency) => `@engawa/editor > ${dependency}`),
    ],
  },
  ssr: {
    external: SHARED.map((room) => `@engawa/${room}`),
    noExternal: ['@engawa/ui'],
  },
});
