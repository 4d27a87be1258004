/** Builds the console into what the daemon serves: few files, named by their contents, that ask for nothing outside. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  // The daemon allows no script and no style that does not come from itself as a file.
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    // One file: a page that is open goes on working while the daemon is away or is replaced by a newer one.
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
});
