/** How one signs in is changed for some minutes after a sign-in only: a computer may have been left unlocked. */
import type { FastifyRequest } from 'fastify'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { Refused } from '../shell/problem.ts'

const freshMs = 15 * 60_000

/** @throws {Refused} when the sign-in is too long ago. */
export function fresh({ deps }: Pick<RouteContext, 'deps'>, request: FastifyRequest): Account {
  if (!isFresh(request, deps.now())) throw new Refused('sign-in-again')
  return accountOf(request)
}

export function isFresh({ signedIn }: FastifyRequest, now: number): boolean {
  return signedIn !== null && Math.abs(now - signedIn.session.openedAt) < freshMs
}
