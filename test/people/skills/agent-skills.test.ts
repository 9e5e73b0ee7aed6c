import t from 'tap'
import { sql } from 'kysely'
import type { AgentId } from '../../../src/core/ids.ts'
import { accountByUsername, addAccount, closeAccount } from '../../../src/people/accounts.ts'
import {
  giveSkills,
  serveEveryQueue,
  setSkills,
  skilledAgents,
  skillVersions,
} from '../../../src/people/skills/agent-skills.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const [ana, barbu, carmen] = await Promise.all([
  opened('ana', 'agent'),
  opened('barbu', 'agent'),
  opened('carmen', 'supervisor'),
])

async function opened(username: string, role: 'agent' | 'supervisor'): Promise<AgentId> {
  const person = { username, name: username, employer: 'Glas SRL', roles: [role], password: 'o parolă lungă' }
  const added = await addAccount(db, person, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}
const agentOf = async (id: AgentId) => {
  const agent = (await skilledAgents(db)).find((one) => one.id === id)
  if (agent === undefined) throw new Error('no such agent')
  return agent
}
const history = (agent: AgentId | null, before: number | null = null, limit = 50) =>
  skillVersions(db, { agent, before, limit })

await t.test('a new agent serves every queue, whatever else asks for the same skill', async (t) => {
  await changeConfiguration(db, (document) => ({
    ...document,
    queues: [
      ...document.queues,
      { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 3, priority: 10 },
      { id: 'taxe-urgent', name: 'Taxe, urgent', skill: 'taxe', levelMin: 2, priority: 5 },
    ],
  }))
  await serveEveryQueue(db, ana)
  await Promise.all([serveEveryQueue(db, ana), giveSkills(db, ana, new Map([['general', 5]]))])
  t.same(await agentOf(ana), {
    id: ana,
    name: 'ana',
    version: (await history(ana))[0]?.id,
    levels: { general: 1, taxe: 3 },
  })
  t.equal((await history(ana)).length, 1, 'skills are given once')
  t.match(await agentOf(barbu), { version: 0, levels: {} })
  t.notOk(
    (await skilledAgents(db)).some(({ id }) => id === carmen),
    'a supervisor is no agent',
  )
})

await t.test('each change is a version with who, why, before and after', async (t) => {
  const before = await agentOf(ana)
  const change = { agent: ana, basedOn: before.version, levels: { taxe: 0, engleza: 4 } }
  const set = await setSkills(db, { changes: [change], reason: 'instruire', by: carmen })
  t.same(set, { ok: true, agents: 1 })
  const [newest] = await history(ana)
  t.match(newest, {
    agent: { id: ana, name: 'ana' },
    byName: 'carmen',
    reason: 'instruire',
    before: { general: 1, taxe: 3 },
    after: { general: 1, engleza: 4 },
  })
  t.same((await agentOf(ana)).levels, { general: 1, engleza: 4 })
  const shown = await db.selectFrom('agent_skills').selectAll().where('account', '=', ana).execute()
  t.same(
    shown.toSorted((one, other) => one.level - other.level),
    [
      { account: ana, skill: 'general', level: 1 },
      { account: ana, skill: 'engleza', level: 4 },
    ],
  )
  const { version } = await agentOf(ana)
  const same = { agent: ana, basedOn: version, levels: { engleza: 4, taxe: 0 } }
  t.same(await setSkills(db, { changes: [same], reason: 'la fel', by: carmen }), { ok: true, agents: 0 })
  t.equal((await agentOf(ana)).version, version, 'nothing changed, no version')
})

await t.test(
  'of two who change the same agent at once one is refused, with the whole of the change',
  async (t) => {
    const [first, second] = [await agentOf(ana), await agentOf(barbu)]
    const both = (level: number) =>
      setSkills(db, {
        changes: [
          { agent: barbu, basedOn: second.version, levels: { general: level } },
          { agent: ana, basedOn: first.version, levels: { general: level } },
        ],
        reason: 'odată',
        by: carmen,
      })
    const answers = await Promise.all([both(2), both(3)])
    t.equal(answers.filter(({ ok }) => ok).length, 1)
    const levels = [(await agentOf(ana)).levels['general'], (await agentOf(barbu)).levels['general']]
    t.equal(levels[0], levels[1], 'both agents are of one change')
    t.match(await both(4), { ok: false, why: 'changed meanwhile' }, 'too late')
    const others = await agentOf(barbu)
    const wrong = { agent: ana, basedOn: others.version, levels: { general: 5 } }
    t.match(
      await setSkills(db, { changes: [wrong], reason: 'alt operator', by: carmen }),
      { ok: false, why: 'changed meanwhile', agent: ana },
      'a version of another agent',
    )
  },
)

await t.test('nobody is set whose account is closed, or who is no agent', async (t) => {
  const leaving = await opened('dorin', 'agent')
  await closeAccount(db, leaving, null)
  for (const agent of [carmen, leaving])
    t.same(
      await setSkills(db, {
        changes: [{ agent, basedOn: 0, levels: { general: 1 } }],
        reason: 'oricum',
        by: carmen,
      }),
      { ok: false, why: 'unknown agent' },
    )
})

await t.test('versions of all agents, newest first, in pages; none can be changed', async (t) => {
  const all = await history(null)
  t.ok(all.length >= 4)
  t.same(
    (await history(null, all[1]?.id ?? 0, 2)).map(({ id }) => id),
    all.slice(2, 4).map(({ id }) => id),
  )
  await t.rejects(sql`update agent_skill_versions set skills = '{}'`.execute(db))
  await t.rejects(sql`delete from agent_skill_versions`.execute(db))
  for (const skills of ['{"taxe":6}', '{"taxe":0}', '{"taxe":"3"}', '[]'])
    await t.rejects(
      sql`insert into agent_skill_versions (account, based_on, skills)
          values (${barbu}, ${(await agentOf(barbu)).version}, ${skills}::jsonb)`.execute(db),
      /check constraint/,
      skills,
    )
  t.ok(await accountByUsername(db, 'barbu'))
})
