/** How the console is built: everything it needs in its own files, nothing inline, routes in chunks of their own. */
import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` of the console finds the server. */
const server = 'http://127.0.0.1:7100';

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

// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default defineConfig({
  base: '/console/',
  plugins: [react(), fontsAsFiles()],
  build: {
    target: 'es2023',
    // A data URL in place of a small file would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { '/v1': server, '/repoint': server } },
});
