/** Pieces that the routes' schemas share. */
import { Type } from 'typebox'
import { Problem } from '../wire.ts'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

const problems = {
  400: problem('A field is wrong; the sentence names it and what is accepted.'),
  401: problem('No session.'),
  403: problem('Not for this role, without a signed agreement, or another site asks.'),
  404: problem('No such thing.'),
  409: problem('Not possible in the present state.'),
  413: problem('The body is too large.'),
  415: problem('The body is not JSON.'),
  416: problem('No such range.'),
  429: problem('Too many attempts; `Retry-After` says when to come back.'),
  503: problem('A service is away; calls go on.'),
} as const

/** The refusals that a route can give, for its document. */
export function refusals(...statuses: (keyof typeof problems)[]): Record<number, ReturnType<typeof problem>> {
  return Object.fromEntries(statuses.map((status) => [status, problems[status]]))
}

/** What any route can refuse before it is asked, by the kind of route it is. */
export function commonRefusals(route: {
  readonly changes: boolean
  readonly hasBody: boolean
  readonly needsSession: boolean
  readonly cityData: boolean
}): ReturnType<typeof refusals> {
  return {
    ...(route.changes || route.cityData ? refusals(403) : {}),
    ...(route.hasBody ? refusals(400, 413, 415) : {}),
    ...(route.needsSession ? refusals(401, 503) : {}),
  }
}

export const done = { description: 'Done.', type: 'null' } as const

export const CallParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
export const AccountParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
export const AgentParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
