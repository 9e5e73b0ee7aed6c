/** The second person: confirms or refuses what an administrator has proposed. */
import {
  confirmProposal,
  openProposals,
  refuseProposal,
  type Confirmed,
} from '../../people/account-proposals.ts'
import { listedAccount } from '../../people/account-list.ts'
import { serveEveryQueue } from '../../people/skills/agent-skills.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { accountView, codeView, proposalView } from './view.ts'
import { AccountWithCode, OpenProposals, ProposalParams } from './wire.ts'

/** Which of them may decide on a proposal follows from its account (`people/reset-rules.ts`). */
const config = { access: ['administrator', 'supervisor'] } as const

const whyNotDecided = {
  'not allowed': 'forbidden',
  'no such proposal': 'no-such-proposal',
  decided: 'proposal-decided',
  'own proposal': 'own-proposal',
  'contract ended': 'contract-ended',
  'account closed': 'account-closed',
} as const satisfies Record<Extract<Confirmed, { ok: false }>['why'], Code>

export function proposalRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.get(
    '/api/account-proposals',
    {
      config,
      schema: {
        operationId: 'accountProposals',
        tags: ['accounts'],
        summary: 'Roles and resets that wait for a second person, of those that I may decide on',
        response: { 200: OpenProposals, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const { roles } = accountOf(request)
      const open = await openProposals(db)
      const mine = open.filter(({ decidedBy }) => decidedBy.some((role) => roles.includes(role)))
      return { items: mine.map((one) => ({ ...proposalView(one), account: one.owner })) }
    },
  )

  app.post(
    '/api/account-proposals/:proposal/confirm',
    {
      config,
      schema: {
        operationId: 'confirmProposal',
        tags: ['accounts'],
        summary: 'Confirm the roles or the reset that an administrator has proposed',
        description:
          'The response has the second half of the activation code; the sessions of the account end.',
        params: ProposalParams,
        response: { 200: AccountWithCode, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const by = accountOf(request).id
      const confirmed = await confirmProposal(db, request.params.proposal, by)
      if (!confirmed.ok) throw new Refused(whyNotDecided[confirmed.why])
      const { account: id, roles, code } = confirmed
      if (roles.includes('agent')) await serveEveryQueue(db, id, by)
      logger.info({ by, account: id, roles }, 'a proposal for an account was confirmed')
      const account = await listedAccount(db, id)
      if (account === null) throw new Refused('no-such-account')
      return { account: accountView(account), activation: codeView(code) }
    },
  )

  app.post(
    '/api/account-proposals/:proposal/refuse',
    {
      config,
      schema: {
        operationId: 'refuseProposal',
        tags: ['accounts'],
        summary: 'Refuse a proposal, or take back one’s own; the account stays as it is',
        params: ProposalParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const by = accountOf(request).id
      const refused = await refuseProposal(db, request.params.proposal, by)
      if (refused !== 'refused') throw new Refused(whyNotDecided[refused])
      logger.info({ by, proposal: request.params.proposal }, 'a proposal for an account was refused')
      return reply.code(204).send(null)
    },
  )
}
