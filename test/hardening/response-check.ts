/** Requirements on every response of the API, also to malformed requests. */
import type { OutgoingHttpHeaders } from 'node:http'
import { Value } from 'typebox/value'
import { Problem } from '../../src/http/wire.ts'

export interface Answer {
  readonly status: number
  /** As received, or as the server would send them. */
  readonly headers: OutgoingHttpHeaders
  readonly text: string
}

/** The requirement that a response violates, as a sentence; null when it meets all. */
export function defectOf({ status, headers, text }: Answer): string | null {
  if (status >= 500) return `status ${status}: ${text}`
  const shows =
    /\.ts:\d|node_modules|\bat \w+ \(|select |insert into/i.test(text) || /\b(FST|ERR)_[A-Z]/.test(text)
  if (shows && !text.startsWith('{"openapi"')) return `it reveals internals: ${text.slice(0, 300)}`
  if (headers['x-powered-by'] !== undefined || headers.server !== undefined) return 'it names its software'
  if (headers['x-injected'] !== undefined) return 'a header was injected'
  // A connection that was cut, or an answer before a complete request.
  if (status < 400 || headers['content-type'] === undefined) return null
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8')
    return `no problem document: ${status} ${headers['content-type']}`
  const problem: unknown = JSON.parse(text)
  if (!Value.Check(Problem, problem)) return `not a problem document: ${text}`
  return problem.status === status && /^[A-ZĂÂÎȘȚ].{10,}/su.test(problem.detail ?? '')
    ? null
    : `no sentence: ${text}`
}
