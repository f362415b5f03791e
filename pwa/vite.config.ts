// Builds the phone app: hashed files, no source maps, and a service worker that knows every file by name.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import type { Plugin } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }
const here = fileURLToPath(new URL('.', import.meta.url))

/** Writes the list of built files, and a version drawn from their bytes, into the service worker. */
function precacheList(): Plugin {
  return {
    name: 'oppgang-precache-list',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') throw new Error('the build made no service worker')
        const files = new Map<string, string | Uint8Array>()
        for (const [name, item] of Object.entries(bundle)) {
          if (name === 'sw.js' || name.startsWith('.vite/')) continue
          files.set(`/${name}`, item.type === 'chunk' ? item.code : item.source)
        }
        for (const entry of readdirSync(`${here}public`, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile()) continue
          const path = `${entry.parentPath}/${entry.name}`
          files.set(path.slice(`${here}public`.length), readFileSync(path))
        }
        const hash = createHash('sha256').update(worker.code)
        const names = [...files.keys()].sort()
        for (const name of names) hash.update(name).update(files.get(name) ?? '')
        const listed = names.map((name) => (name === '/index.html' ? '/' : name))
        worker.code = worker.code
          .replace(/(['"`])__PRECACHE__\1/, () => JSON.stringify(listed))
          .replace('__VERSION__', hash.digest('hex').slice(0, 16))
        if (/__(PRECACHE|VERSION)__/.test(worker.code)) throw new Error('the service worker was left without its list')
      },
    },
  }
}

export default defineConfig({
  plugins: [svelte(), precacheList()],
  define: { __APP__: JSON.stringify(version) },
  server: { fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    sourcemap: false,
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: `${here}index.html`, sw: `${here}src/service_worker.ts` },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
