/** One HTTP request from node to node, with a time limit. */
import { request } from 'node:http'
import type { Config } from '../../config.ts'

/** The address on which a node listens, behind Caddy. */
export type NodeAddress = Config['api']

/** Nothing listens at the address, so the request was certainly not carried out. */
export class NodeGone extends Error {
  override name = 'NodeGone'
}
/** No complete answer in time: the request may or may not have been carried out. */
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
    // The caller of this function reports it like any other unusable answer.
    return undefined
  }
}
