/** The second administrator: confirms or refuses what another one has proposed. */
import { confirmProposal, refuseProposal, type Confirmed } from '../../people/account-proposals.ts'
import { listedAccount } from '../../people/account-list.ts'
import { serveEveryQueue } from '../../people/skills.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { accountOf } from '../session/session.ts'
import { accountView, codeView } from './view.ts'
import { AccountWithCode, ProposalParams } from './wire.ts'

const administrator = { access: ['administrator'] } as const

const whyNotDecided = {
  'no such proposal': 'no-such-proposal',
  decided: 'proposal-decided',
  'own proposal': 'own-proposal',
  'contract ended': 'contract-ended',
  'account closed': 'account-closed',
} as const satisfies Record<Extract<Confirmed, { ok: false }>['why'], Code>

export function proposalRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.post(
    '/api/account-proposals/:proposal/confirm',
    {
      config: administrator,
      schema: {
        operationId: 'confirmProposal',
        tags: ['accounts'],
        summary: 'Confirm the roles or the reset that another administrator has proposed',
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
      if (roles.includes('agent')) await serveEveryQueue(db, id)
      logger.info({ by, account: id, roles }, 'a proposal for an account was confirmed')
      const account = await listedAccount(db, id)
      if (account === null) throw new Refused('no-such-account')
      return { account: accountView(account), activation: codeView(code) }
    },
  )

  app.post(
    '/api/account-proposals/:proposal/refuse',
    {
      config: administrator,
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
