/** Parts of the OpenAPI document that the routes' schemas share. */
import { Type, type TSchema } from 'typebox'
import { Problem } from '../wire.ts'

/** A refusal whose problem document has members of its own. */
export const problemOf = (description: string, schema: TSchema) => ({
  description,
  content: { 'application/problem+json': { schema } },
})

const problem = (description: string) => problemOf(description, Problem)

const problems = {
  400: problem('A field is wrong; `errors` names it and what it accepts.'),
  401: problem('No session.'),
  403: problem('Not for this role, no signed agreement, or a request from another site.'),
  404: problem('It does not exist.'),
  409: problem('Not possible in the present state.'),
  413: problem('The body is too large.'),
  415: problem('The body is not JSON.'),
  416: problem('No such range.'),
  429: {
    ...problem('Too many attempts; `Retry-After` says when to come back.'),
    headers: { 'Retry-After': { description: 'Seconds.', type: 'integer' } },
  },
  503: problem('A service is not available; calls go on.'),
} as const

/** The refusals that a route can answer with. */
export function refusals(...statuses: (keyof typeof problems)[]): Record<number, ReturnType<typeof problem>> {
  return Object.fromEntries(statuses.map((status) => [status, problems[status]]))
}

/** The refusals of the hooks that run before a route's handler, by the kind of route. */
export function commonRefusals(route: {
  readonly changes: boolean
  readonly hasBody: boolean
  readonly refusesParameters: boolean
  readonly needsSession: boolean
  readonly cityData: boolean
  readonly takesTokens: boolean
}): ReturnType<typeof refusals> {
  return {
    ...(route.changes || route.cityData ? refusals(403) : {}),
    ...(route.refusesParameters ? refusals(400) : {}),
    ...(route.hasBody ? refusals(400, 413, 415) : {}),
    ...(route.needsSession ? refusals(401, 503) : {}),
    ...(route.takesTokens ? refusals(429) : {}),
  }
}

export const done = { description: 'Done.', type: 'null' } as const

export const CallParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
export const AccountParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
export const AgentParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
