/** Rules of query parameters that no schema expresses. */
import type { FastifyRequest } from 'fastify'
import type { Millis } from '../../core/ids.ts'
import { Refused } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Another system chooses the parameters of this route's address. */
    readonly anyParameters?: boolean
  }
}

/**
 * A misspelt filter must not answer with everything.
 * @throws {Refused} `unknown-parameter`, naming each unknown one
 */
export async function refuseUnknownParameters({ is404, query, routeOptions }: FastifyRequest): Promise<void> {
  if (is404 || routeOptions.config.anyParameters === true) return
  const schema = routeOptions.schema?.querystring as { readonly properties?: object } | undefined
  const known = Object.keys(schema?.properties ?? {})
  const unknown = Object.keys(query as object).filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const accepted = known.length === 0 ? '–' : known.join(', ')
  throw new Refused(
    'unknown-parameter',
    null,
    unknown.map((field) => ({ field, accepted })),
  )
}

/** `to` is exclusive: the start of the day after the last one. @throws {Refused} `reversed-times` */
export function assertOrder(from: Millis | undefined, to: Millis | undefined): void {
  if (from !== undefined && to !== undefined && from >= to) throw new Refused('reversed-times')
}
