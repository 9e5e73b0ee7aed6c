import { buffer } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'

/** Null: the client was ended before it had sent everything. */
export const bodyOf = (request: IncomingMessage): Promise<Buffer | null> =>
  buffer(request).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return null
    throw error
  })
