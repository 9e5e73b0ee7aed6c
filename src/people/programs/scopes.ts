/** Also in the database (migration 0055). */
export const tokenDaysMax = 400
/** Of one token; the bounds also in the database (migration 0074). */
export const requestsPerMinute = { fewest: 10, usual: 600, most: 6_000 } as const

/** The scopes of a program's token. A route that names none of them takes no token. */
export const scopes = [
  'calls:read',
  'calls:command',
  'live:read',
  'requests:read',
  'voicemails:read',
  'voicemails:command',
  'configuration:read',
] as const
export type Scope = (typeof scopes)[number]
