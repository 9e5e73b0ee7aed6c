/**
 * The network of the machines: what they fetch of Debian and of npm goes through this server, which asks the host's
 * own mirror and registry and keeps what never changes. A machine has no other way out, so that taking this one away
 * is a machine without network.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { must } from '../../src/stack/command.ts'
import { listen } from './listen.ts'

/** Of a machine's loopback. */
export const mirrorPort = 3128
export const mirrorUrl = `http://127.0.0.1:${mirrorPort}`
export const registryUrl = `${mirrorUrl}/npm/`

const answersWithinMs = 60_000
/** Their names have their version. */
const neverChanges = /\.(deb|tgz)$/

export interface Mirror {
  readonly socket: string
  close(): void
}

export async function startMirror(folder: string, socket: string): Promise<Mirror> {
  await mkdir(folder, { recursive: true })
  const registry = (await must('Asking npm for its registry', 'npm', ['config', 'get', 'registry'])).trim()
  const server = createServer((request, response) => {
    answer(request, response, folder, registry).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502)
      response.end(String(error))
    })
  })
  tunnel(server)
  await listen(server, socket)
  return { socket, close: () => server.close() }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  registry: string,
): Promise<void> {
  const asked = request.url ?? ''
  const isNpm = asked.startsWith('/npm/')
  const url = isNpm ? new URL(asked.slice('/npm/'.length), registry).href : asked
  if (request.method !== 'GET' || !/^https?:/.test(url)) {
    response.writeHead(405).end()
    return
  }
  const kept = join(folder, createHash('sha256').update(url).digest('hex'))
  if (!neverChanges.test(url) || !existsSync(kept)) {
    const headers = passedOn(request)
    const found = await fetch(url, { headers, signal: AbortSignal.timeout(answersWithinMs) })
    if (!neverChanges.test(url) || !found.ok || found.body === null) {
      response.writeHead(found.status, headersOf(found))
      if (isNpm && found.ok) response.end((await found.text()).replaceAll(registry, registryUrl))
      else if (found.body === null) response.end()
      else await pipeline(found.body, response)
      return
    }
    const half = `${kept}.${process.pid}.${Math.random()}`
    try {
      await pipeline(found.body, createWriteStream(half))
      await rename(half, kept)
    } finally {
      await rm(half, { force: true })
    }
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream' })
  await pipeline(createReadStream(kept), response)
}

/** For npm: the abbreviated metadata. For apt: lets the mirror answer 304 for unchanged files. */
function passedOn(request: IncomingMessage): Record<string, string> {
  const { accept, 'if-modified-since': since } = request.headers
  return {
    ...(accept === undefined ? {} : { accept }),
    ...(since === undefined ? {} : { 'if-modified-since': since }),
  }
}

/** fetch has decoded the body, so length and encoding no longer apply. */
function headersOf(found: Response): Record<string, string> {
  return Object.fromEntries(
    ['content-type', 'last-modified'].flatMap((name) => {
      const value = found.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

/** Tunnels HTTPS (CONNECT). */
function tunnel(server: Server): void {
  server.on('connect', (request, client) => {
    const [host = '', port = '443'] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client)
      client.pipe(upstream)
    })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy())
  })
}
