/** A time-stamping authority (RFC 3161) for tests: `openssl ts` behind a small HTTP server. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bodyOf } from '../request-body.ts'

const configuration = `
[ tsa ]
default_tsa = ours
[ ours ]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
[ stamping ]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
basicConstraints = CA:FALSE
`
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** What the authority answers. */
export type Manner = 'good' | 'down' | 'slow' | 'error' | 'garbage' | 'of other data' | 'refusal'

export interface Authority {
  readonly url: string
  /** File of its certificates. */
  readonly ca: string
  manner: Manner
  readonly asked: number
}

export async function stampingAuthority(
  t: { teardown(fn: () => Promise<void>): void },
  folder: string,
  { name = 'Timp de probă', days = 30 }: { readonly name?: string; readonly days?: number } = {},
): Promise<Authority> {
  mkdirSync(folder, { recursive: true })
  const openssl = (...options: string[]) => execFileSync('openssl', options, { cwd: folder, stdio: 'pipe' })
  writeFileSync(path.join(folder, 'tsa.cnf'), configuration)
  writeFileSync(path.join(folder, 'serial'), '01\n')
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', `/CN=CA ${name}`, '-utf8')
  openssl('req', '-new', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', `/CN=${name}`, '-utf8')
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', String(days)]
  const as = ['-extfile', 'tsa.cnf', '-extensions', 'stamping']
  openssl('x509', '-req', '-in', 'tsa.csr', ...by, ...as, '-out', 'tsa.pem')
  const state = { manner: 'good' as Manner, asked: 0 }
  const answer = (request: Buffer): Buffer => {
    writeFileSync(path.join(folder, 'request'), request)
    if (state.manner === 'of other data')
      openssl('ts', '-query', '-digest', '00'.repeat(32), '-sha256', '-cert', '-out', 'request')
    // It has no policy for MD5, and answers that it refuses.
    if (state.manner === 'refusal')
      openssl('ts', '-query', '-digest', '00'.repeat(16), '-md5', '-out', 'request')
    openssl(
      'ts',
      '-reply',
      '-config',
      'tsa.cnf',
      '-section',
      'ours',
      '-queryfile',
      'request',
      '-out',
      'answer',
    )
    return readFileSync(path.join(folder, 'answer'))
  }
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      if (body === null) return undefined
      state.asked += 1
      if (state.manner === 'down') return request.socket.destroy()
      if (state.manner === 'slow') await delay(60_000, undefined, { ref: false })
      const isRequest = request.headers['content-type'] === 'application/timestamp-query'
      response.writeHead(!isRequest || state.manner === 'error' ? 500 : 200, {
        'content-type': 'application/timestamp-reply',
      })
      return response.end(state.manner === 'garbage' ? '<html>' : answer(body))
    })()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ca: path.join(folder, 'ca.pem'),
    get manner() {
      return state.manner
    },
    set manner(manner) {
      state.manner = manner
    },
    get asked() {
      return state.asked
    },
  }
}
