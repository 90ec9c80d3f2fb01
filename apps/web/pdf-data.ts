import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const root = dirname(require.resolve('pdfjs-dist/package.json'));
const { version } = require('pdfjs-dist/package.json') as { version: string };

/** Tables of Japanese characters, fonts that PDFs take for granted, colours, and decoders of pictures. */
const FOLDERS = ['cmaps', 'standard_fonts', 'iccs', 'wasm'];

/** Where pdf.js finds them on our own host: a new version has new addresses, so that they may be kept for ever. */
const BASE = `_app/immutable/pdf-${version}/`;

/** Ships what pdf.js loads when a document asks for it. `import.meta.env.VITE_PDF_DATA` tells its address. */
export const pdfData: Plugin = {
  name: 'engawa:pdf-data',
  config: () => ({ define: { 'import.meta.env.VITE_PDF_DATA': JSON.stringify(`/${BASE}`) } }),
  configureServer({ middlewares }) {
    middlewares.use(`/${BASE}`, (request, response, next) => {
      const [, folder = '', file = ''] = /^\/(\w+)\/([\w.-]+)$/.exec(request.url ?? '') ?? [];
      if (!FOLDERS.includes(folder)) return next();
      createReadStream(join(root, folder, file))
        .on('error', next)
        .pipe(response);
    });
  },
  async generateBundle() {
    if (this.environment.name !== 'client') return;
    for (const folder of FOLDERS) {
      for (const file of await readdir(join(root, folder))) {
        const source = await readFile(join(root, folder, file));
        this.emitFile({ type: 'asset', fileName: `${BASE}${folder}/${file}`, source });
      }
    }
  },
};
