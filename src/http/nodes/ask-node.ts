/** One request from node to node, bounded in time. */
import { request } from 'node:http'
import type { Config } from '../../config.ts'

/** Where a node listens, behind the front. */
export type NodeAddress = Config['api']

/** Nobody listens there: the request has reached nobody. */
export class NodeGone extends Error {
  override name = 'NodeGone'
}
/** No answer in time, or one cut off: it may or may not have been done. */
export class NodeSilent extends Error {
  override name = 'NodeSilent'
}

export interface NodeQuestion {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

export function askNode(
  address: NodeAddress,
  { method, path, body, headers = {}, timeoutMs }: NodeQuestion,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; json: unknown }>()
  const asked = request({
    ...('socket' in address ? { socketPath: address.socket } : address),
    method,
    path,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      ...headers,
      ...(text === ''
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    },
  })
  asked.on('error', (error: NodeJS.ErrnoException) =>
    reject(neverReached.has(error.code ?? '') ? new NodeGone(error.message) : new NodeSilent(error.message)),
  )
  asked.on('response', (response) => {
    const parts: Buffer[] = []
    response.on('data', (part: Buffer) => parts.push(part))
    response.on('error', (error) => reject(new NodeSilent(error.message)))
    response.on('end', () => {
      const json = parsed(Buffer.concat(parts).toString('utf8'))
      if (json === undefined) reject(new NodeSilent('The answer was not JSON.'))
      else resolve({ status: response.statusCode ?? 0, json })
    })
  })
  asked.end(text)
  return promise
}

const neverReached: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH'])

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    // Told by the caller like every other answer that cannot be used.
    return undefined
  }
}
