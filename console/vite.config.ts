/** How the console is built: everything it needs in its own files, nothing inline, routes in chunks of their own. */
import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` of the console finds the server. */
const server = 'http://127.0.0.1:7100';
const base = '/console/';

/**
 * The design system carries its fonts as data URLs in one style sheet. As files they are fetched only when a page
 * uses them, stay out of the style sheet that blocks the first paint, and need no `data:` in the font policy.
 */
function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        file.source = String(file.source).replaceAll(
          /url\((['"]?)data:font\/woff2;base64,([^'")]+)\1\)/g,
          (_match, _quote, data: string) => {
            const source = Buffer.from(data, 'base64');
            const name = `font-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.woff2`;
            this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
            return `url(${name})`;
          },
        );
      }
    },
  };
}

/**
 * What every address needs is named in the page itself, so that it is under way before any script has run.
 */
function startInPage(): Plugin {
  return {
    name: 'start-in-page',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const parts = Object.values(bundle).filter((file) => file.type === 'chunk');
        const start = parts.find(({ name }) => name === 'start');
        if (start === undefined) throw new Error('The build has no chunk “start”.');
        const needed = [start, ...parts.filter(({ fileName }) => start.imports.includes(fileName))];
        const styles = new Set(needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
        const link = (rel: string, file: string) => ({
          ...{ tag: 'link', attrs: { rel, crossorigin: true, href: `${base}${file}` }, injectTo: 'head' as const },
        });
        return [
          // The first script is named already.
          ...needed.filter(({ isEntry }) => !isEntry).map(({ fileName }) => link('modulepreload', fileName)),
          ...[...styles].map((file) => link('stylesheet', file)),
        ];
      },
    },
  };
}

// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default defineConfig({
  base,
  plugins: [react(), fontsAsFiles(), startInPage()],
  build: {
    target: 'es2023',
    // A data URL in place of a small file would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    // Left to itself, the build makes a chunk for each set of pages that share something: seventy requests for the first
    // page, six at a time. A part that a page would have needed anyway costs less in a larger file.
    rolldownOptions: {
      output: {
        // The rest of the name of a shared part lists the pages that share it.
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(?:react|react-dom|scheduler)\//, priority: 5 },
            { name: 'first', tags: ['$initial'], priority: 4 },
            { name: 'start', test: /console\/src\/app\/console\.tsx$/, priority: 3 },
            { name: 'frame', test: /console\/src\/app\/layout\.tsx$/, priority: 2 },
            { name: 'most-pages', minShareCount: 9, priority: 1 },
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 12_000 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/v1': server, '/repoint': server } },
});
