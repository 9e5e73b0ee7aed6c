/** Which packages each program loads at its start. Without their settings all three end right after loading. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const endsWithinMs = 20_000

/** Prints the URL of each loaded module. */
const printing = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  process.on('exit', () => process.stdout.write(urls.join('\\n')))
`)}`

/** The names of the packages. */
async function packagesOf(program: string): Promise<ReadonlySet<string>> {
  const path = fileURLToPath(new URL(`../../src/${program}`, import.meta.url))
  const urls = await new Promise<string>((resolve) => {
    const env = { PATH: process.env['PATH'] }
    execFile(
      process.execPath,
      ['--import', printing, path],
      { env, timeout: endsWithinMs, maxBuffer: 16 * 1024 * 1024 },
      (_error, stdout) => resolve(stdout),
    )
  })
  return new Set([...urls.matchAll(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/g)].map(([, name = '']) => name))
}

const large = ['typebox', 'kysely', 'fastify', 'ioredis', 'libphonenumber-js']

for (const program of ['sip-gate.ts', 'watchdog.ts'])
  t.test(`${program} loads none of the large packages`, async (t) => {
    const packages = await packagesOf(program)
    t.ok(packages.has('pino'), 'its modules are seen')
    t.same(
      large.filter((name) => packages.has(name)),
      [],
    )
  })

t.test('the server loads what few requests need only with the first of them', async (t) => {
  const packages = await packagesOf('main.ts')
  t.ok(packages.has('fastify'), 'its modules are seen')
  const rare = ['pdfkit', 'openid-client', 'jose', '@simplewebauthn/server']
  t.same(
    rare.filter((name) => packages.has(name)),
    [],
  )
})
