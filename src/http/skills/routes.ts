/** The skills of agents, read and set by supervisors and administrators. */
import { skillWarnings } from '../../core/configuration/skills.ts'
import { AgentId } from '../../core/ids.ts'
import { timeZone } from '../../core/local-time.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { setSkills, skilledAgents, skillVersions } from '../../people/skills/agent-skills.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { warningView } from './view.ts'
import { SetSkills, SkillMatrix, SkillVersions, SkillVersionsQuery } from './wire.ts'

const limitByDefault = 50
const bodyLimit = 1024 * 1024
const tags = ['agents']
const setters = { access: ['supervisor', 'administrator'] } as const

export function skillRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.get(
    '/api/skills',
    {
      config: setters,
      schema: {
        operationId: 'skills',
        tags,
        summary: 'The skills of every agent, with the queues that ask for them and what is missing',
        response: { 200: SkillMatrix, ...refusals(401, 403, 503) },
      },
    },
    () => matrix(db),
  )

  app.put(
    '/api/skills',
    {
      config: setters,
      bodyLimit,
      schema: {
        operationId: 'setSkills',
        tags,
        summary: 'Set skills of one agent or several: all of them, or none; the next call is routed by it',
        body: SetSkills,
        response: { 200: SkillMatrix, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const { agents, reason } = request.body
      const { id: by } = accountOf(request)
      const changes = agents.map(({ id, ...change }) => ({ ...change, agent: AgentId(id) }))
      if (new Set(agents.map(({ id }) => id)).size < agents.length)
        throw new WrongContent([{ field: 'agents', accepted: 'each agent once' }])
      const set = await setSkills(db, { changes, reason: reason.trim(), by })
      if (!set.ok)
        throw set.why === 'unknown agent'
          ? new Refused('unknown-agent')
          : await changedMeanwhile(db, set.agent)
      logger.info({ by, agents: set.agents }, 'the skills of agents were set')
      return matrix(db)
    },
  )

  app.get(
    '/api/skills/versions',
    {
      config: setters,
      schema: {
        operationId: 'skillVersions',
        tags,
        summary: 'The changes of skills, newest first: of one agent or of all',
        querystring: SkillVersionsQuery,
        response: { 200: SkillVersions, ...refusals(400, 401, 403, 503) },
      },
    },
    async ({ query: { agent, limit = limitByDefault, before = null } }) => {
      const question = { agent: agent === undefined ? null : AgentId(agent), before, limit: limit + 1 }
      const found = await skillVersions(db, question)
      const items = found
        .slice(0, limit)
        .map(({ at, byName, ...version }) => ({ ...version, at: iso(at), by: byName }))
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )
}

async function matrix(db: Database): Promise<SkillMatrix> {
  const agents = await skilledAgents(db)
  const { queues } = (await newestConfiguration(db)).document
  const skills = [
    ...queues.map(({ skill }) => skill),
    ...agents.flatMap(({ levels }) => Object.keys(levels)).toSorted(),
  ]
  return {
    skills: [...new Set(skills)],
    queues: queues.map(({ id, name, skill, levelMin }) => ({ id, name, skill, levelMin })),
    agents: agents.map(({ levels, ...agent }) => ({ ...agent, levels: { ...levels } })),
    warnings: skillWarnings(queues, agents).map(warningView),
  }
}

const whenRo = new Intl.DateTimeFormat('ro-RO', { dateStyle: 'long', timeStyle: 'short', timeZone })
const whenEn = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone })

async function changedMeanwhile(db: Database, agent: AgentId): Promise<Refused> {
  const [newest] = await skillVersions(db, { agent, before: null, limit: 1 })
  // The version that the request names does not exist, and the agent has none.
  if (newest === undefined) return new Refused('skills-changed')
  const { agent: whose, at, byName } = newest
  return new Refused('skills-changed', null, [], {
    ro: `${byName ?? 'Cineva din linia de comandă'} a schimbat între timp competențele lui ${whose.name} (${whenRo.format(at)}). Nimic nu s-a salvat: compară și salvează din nou.`,
    en: `${byName ?? 'Somebody at the command line'} has changed the skills of ${whose.name} meanwhile (${whenEn.format(at)}). Nothing was saved: compare, and save again.`,
  })
}
