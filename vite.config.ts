/**
 * Builds the screens into dist/ui, which Caddy serves; `vite` alone serves them beside a running `make run`.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const front = 'http://127.0.0.1:9690'

export default defineConfig({
  root: 'src/ui',
  // Vite copies a folder named `public`; here it is a folder of screens.
  publicDir: false,
  plugins: [react()],
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
  },
})
