/** The identity check of a caller, for the agent in that call. */
import { randomInt } from 'node:crypto'
import { CheckId } from '../../city/identity/standing.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { alertOnFailure } from './alerts.ts'
import { askQuestions } from './ask-questions.ts'
import { confirmPerson, identityState } from './grants.ts'
import { judgeAnswers } from './judge-answers.ts'
import { callOfNow, type IdentityDeps } from './live-call.ts'
import { beginSearch, searchPerson } from './search-person.ts'
import { accountOf } from '../session/session.ts'
import {
  AskQuestions,
  CheckParams,
  ConfirmPerson,
  GiveAnswers,
  IdentityState,
  QuestionsAnswer,
  SearchAnswer,
  SearchPerson,
  Verdict,
} from './wire.ts'

const agentOnly = { access: ['agent'], cityData: true } as const

export function identityRoutes(app: App, { deps }: RouteContext): void {
  const identity: IdentityDeps = {
    db: deps.db,
    activeCall: deps.activeCall,
    askedAbout: deps.askedAbout,
    fiscal: deps.fiscal,
    personKey: deps.settings.personKey,
    now: deps.now,
    pick: (below) => randomInt(below),
  }

  app.get(
    '/api/identity',
    {
      config: agentOnly,
      schema: {
        operationId: 'identity',
        tags: ['identity'],
        summary: 'The persons found and verified in my present call',
        response: { 200: IdentityState, ...refusals(401, 403, 503) },
      },
    },
    async (request) => identityState(identity, accountOf(request).id),
  )

  app.post(
    '/api/identity/beginnings',
    {
      config: agentOnly,
      schema: {
        operationId: 'beginIdentity',
        tags: ['identity'],
        summary: 'I begin to type who the caller is; the recording is silenced from now on',
        response: { 204: done, ...refusals(401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      await beginSearch(identity, accountOf(request).id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/identity/searches',
    {
      config: agentOnly,
      schema: {
        operationId: 'searchPerson',
        tags: ['identity'],
        summary: 'Search for a taxpayer by name, address and CNP or CUI, all in full',
        body: SearchPerson,
        response: { 200: SearchAnswer, ...refusals(400, 401, 403, 409, 429, 503) },
      },
    },
    async (request) => {
      const { id: agent } = accountOf(request)
      const answer = await searchPerson(identity, agent, request.body)
      if (answer.outcome === 'no match') await alertOnFailure(deps, agent, await callOfNow(identity, agent))
      return answer
    },
  )

  app.post(
    '/api/identity/checks',
    {
      config: agentOnly,
      schema: {
        operationId: 'askQuestions',
        tags: ['identity'],
        summary: 'Three questions that only the taxpayer can answer',
        body: AskQuestions,
        response: { 200: QuestionsAnswer, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => askQuestions(identity, accountOf(request).id, request.body.handle),
  )

  app.post(
    '/api/identity/checks/:id/answers',
    {
      config: agentOnly,
      schema: {
        operationId: 'giveAnswers',
        tags: ['identity'],
        summary: 'Judge the caller’s answers; one verdict on all of them',
        params: CheckParams,
        body: GiveAnswers,
        response: { 200: Verdict, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const { id: agent } = accountOf(request)
      const call = await callOfNow(identity, agent)
      const said = new Map(request.body.answers.map(({ question, said }) => [question, said]))
      const verdict = await judgeAnswers(identity, agent, CheckId(request.params.id), said)
      deps.metrics.identityVerdicts.inc({ verdict: verdict.verdict })
      if (verdict.verdict === 'failed') await alertOnFailure(deps, agent, call)
      return verdict
    },
  )

  app.post(
    '/api/identity/confirmations',
    {
      config: agentOnly,
      schema: {
        operationId: 'confirmPerson',
        tags: ['identity'],
        summary: 'Confirm that the transferred caller is the person whom a colleague verified',
        body: ConfirmPerson,
        response: { 200: IdentityState, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => confirmPerson(identity, accountOf(request).id, request.body.handle),
  )
}
