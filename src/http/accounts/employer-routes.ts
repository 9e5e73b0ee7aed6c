/** Employers of the accounts, and the end of their contracts. */
import { endContract, listEmployers, renewContract, type ContractEnd } from '../../people/employers.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { ContractEnded, EmployerList, EmployerName } from './wire.ts'

const employersMax = 500
const administrator = { access: ['administrator'] } as const

const whyNotEnded = {
  'own employer': 'own-employer',
  'unknown employer': 'no-such-employer',
  'not allowed': 'forbidden',
} as const satisfies Record<Extract<ContractEnd, { ok: false }>['why'], Code>

export function employerRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.get(
    '/api/employers',
    {
      config: administrator,
      schema: {
        operationId: 'employers',
        tags: ['accounts'],
        summary: 'The employers, with their numbers of open accounts',
        response: { 200: EmployerList, ...refusals(401, 403, 503) },
      },
    },
    async () => ({ items: await listEmployers(db, employersMax) }),
  )

  app.post(
    '/api/employers/end',
    {
      config: administrator,
      schema: {
        operationId: 'endContract',
        tags: ['accounts'],
        summary: "End an employer's contract: all its accounts are closed, their sessions end at once",
        body: EmployerName,
        response: { 200: ContractEnded, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const ended = await endContract(db, request.body.employer.trim(), by)
      if (!ended.ok) throw new Refused(whyNotEnded[ended.why])
      logger.info({ by, closed: ended.closed }, 'the contract of an employer has ended')
      return { closed: ended.closed }
    },
  )

  app.post(
    '/api/employers/renew',
    {
      config: administrator,
      schema: {
        operationId: 'renewContract',
        tags: ['accounts'],
        summary: 'Accounts may be opened for this employer again; closed ones stay closed',
        body: EmployerName,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const by = accountOf(request).id
      const renewed = await renewContract(db, request.body.employer.trim(), by)
      if (renewed === 'unknown employer') throw new Refused('no-such-employer')
      logger.info({ by }, 'the contract of an employer was renewed')
      return reply.code(204).send(null)
    },
  )
}
