/**
 * Builds the screens into dist/ui, which Caddy serves; `vite` alone serves them beside a running `make run`.
 */
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'

const front = 'http://127.0.0.1:9690'

type Attributes = NonNullable<HtmlTagDescriptor['attrs']>

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

const app = new Set<string>()

/** Whether it is a module of ours that `start.tsx` imports statically: every page needs it, the public ones too. */
function isOfApp(id: string, graph: ModuleGraph): boolean {
  const found = [join(import.meta.dirname, 'src/ui/start.tsx')]
  if (app.size === 0)
    for (const each of found) {
      if (app.has(each) || each.includes('node_modules')) continue
      app.add(each)
      found.push(...(graph.getModuleInfo(each)?.importedIds ?? []))
    }
  return app.has(id)
}

const libraries = [
  'react|react-dom|scheduler|react-error-boundary|i18next|react-i18next|wouter|@tanstack',
  '@mantine/core/styles.css',
  '@mantine/core/esm/(core|components/(Button|TextInput|Loader))',
].join('|')
/** What every page needs from libraries. Mantine's styles come before those that change them. */
const base = new RegExp(`/node_modules/(${libraries})(/|$)|/src/ui/styles/`)

/** `main.tsx` imports the application dynamically; the browser fetches it with the page, not after that module. */
const preloads: Plugin = {
  name: 'linia-preloads',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      const tags = Object.keys(bundle ?? {}).flatMap((file): Attributes[] => {
        const attrs = { crossorigin: true, href: `/${file}` }
        if (/\/(start|app|base)-[^/]+\.js$/.test(file)) return [{ rel: 'modulepreload', ...attrs }]
        if (/\/(start|app|base)-[^/]+\.css$/.test(file)) return [{ rel: 'preload', as: 'style', ...attrs }]
        if (!file.endsWith('.woff2')) return []
        return [{ rel: 'preload', as: 'font', type: 'font/woff2', ...attrs }]
      })
      return tags.map((attrs) => ({ tag: 'link', attrs, injectTo: 'head' }))
    },
  },
}

export default defineConfig({
  root: 'src/ui',
  // Vite copies a folder named `public`; here it is a folder of screens.
  publicDir: false,
  plugins: [react(), preloads],
  server: { proxy: { '/api': front, '/sip': { target: front, ws: true } } },
  build: {
    outDir: '../../dist/ui',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and pictures stay files, because the content security policy has no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A few files instead of one for each module that two pages share.
          groups: [
            // `main.tsx` reports that the application did not load, so it needs no other file.
            {
              name: 'main',
              test: /rolldown[\\/]runtime|preload-helper|[\\/](reload|claimed)\.ts$/,
              priority: 4,
            },
            { name: 'base', test: base, priority: 3 },
            {
              name: (id, graph) => (isOfApp(id, graph) ? 'app' : null),
              debugName: 'app',
              includeDependenciesRecursively: false,
              priority: 2,
            },
            // Supervisors fetch the telephone with the first conversation that they listen to.
            {
              name: 'phone',
              test: /[\\/]node_modules[\\/]sip\.js[\\/]|[\\/]agent[\\/]phone[\\/](?!phone-claim|phone-recovery|phone-mismatch|sound-check|ring-tone)/,
              includeDependenciesRecursively: false,
              priority: 1,
            },
            { name: 'staff', minShareCount: 2 },
          ],
        },
      },
    },
  },
})
