import t from 'tap'
import { Value } from 'typebox/value'
import { SkillMatrix, SkillVersions } from '../../../src/http/skills/wire.ts'
import { serveEveryQueue } from '../../../src/people/skills/agent-skills.ts'
import { serve, type Served } from '../serve.ts'

const matrixOf = async ({ ask }: Served, as: string): Promise<SkillMatrix> =>
  Value.Parse(SkillMatrix, (await ask('GET', '/api/skills', { as })).json)

t.test('a supervisor reads the matrix and sets levels of several agents at once', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, db } = served
  await serveEveryQueue(db, people.agent01.id)
  const as = await signIn('super')
  const before = await matrixOf(served, as)
  t.same(before.skills, ['general'])
  t.match(before.queues, [{ id: 'general', skill: 'general', levelMin: 1 }])
  t.same(
    before.agents.map(({ name, levels }) => [name, levels]),
    [
      ['Ana Pop', { general: 1 }],
      ['Barbu Ionescu', {}],
    ],
  )
  t.same(before.warnings, [])
  const levels = [{ general: 0, maghiara: 4 }, { maghiara: 2 }]
  const agents = before.agents.map(({ id, version }, index) => ({
    id,
    basedOn: version,
    levels: levels[index],
  }))
  const set = await ask('PUT', '/api/skills', { as, body: { agents, reason: ' curs de limbă ' } })
  t.equal(set.status, 200)
  const after = Value.Parse(SkillMatrix, set.json)
  t.same(after.skills, ['general', 'maghiara'])
  t.same(
    after.agents.map((agent) => agent.levels),
    [{ maghiara: 4 }, { maghiara: 2 }],
  )
  t.same(after.warnings, [
    { code: 'queue without agents', skill: 'general', queue: 'general' },
    { code: 'skill without queue', skill: 'maghiara', queue: null },
  ])

  const versions = async (query: string) =>
    Value.Parse(SkillVersions, (await ask('GET', `/api/skills/versions${query}`, { as })).json)
  const ofAna = await versions(`?agent=${people.agent01.id}`)
  t.match(ofAna, {
    items: [
      {
        agent: { id: people.agent01.id, name: 'Ana Pop' },
        by: people.super.name,
        reason: 'curs de limbă',
        before: { general: 1 },
        after: { maghiara: 4 },
      },
      { by: null, reason: '', before: {}, after: { general: 1 } },
    ],
    next: null,
  })
  const first = await versions('?limit=1')
  t.equal(first.next, first.items[0]?.id)
  t.equal((await versions(`?limit=1&before=${first.next}`)).items.length, 1)
  t.same((await versions('?agent=nobody')).items, [])
})

t.test('of two supervisors the second is told who was faster, and nothing of theirs is saved', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people } = served
  const as = await signIn('super')
  const { agents } = await matrixOf(served, as)
  const change = (level: number, reason = 'motiv') => ({
    agents: agents.map(({ id, version }) => ({ id, basedOn: version, levels: { general: level } })),
    reason,
  })
  t.equal((await ask('PUT', '/api/skills', { as: await signIn('admin'), body: change(3) })).status, 200)
  const late = await ask('PUT', '/api/skills', { as, body: change(5) })
  t.match(late, { status: 409, json: { code: 'skills-changed' } })
  t.match(
    late.json['detail'],
    /^Dan Țepeș a schimbat între timp competențele lui Ana Pop \(\d+ \p{L}+ \d{4}/u,
  )
  const now = await matrixOf(served, as)
  t.ok(now.agents.every(({ levels }) => levels['general'] === 3))
  const unknown = { agents: [{ id: people.super.id, basedOn: 0, levels: { general: 1 } }], reason: 'motiv' }
  t.match(await ask('PUT', '/api/skills', { as, body: unknown }), {
    status: 404,
    json: { code: 'unknown-agent' },
  })
  const never = { agents: [{ id: people.agent01.id, basedOn: 999_999, levels: { general: 1 } }], reason: 'm' }
  t.match(await ask('PUT', '/api/skills', { as, body: never }), { status: 409 })
})

t.test('what is no level, no skill or no reason is refused', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const as = await signIn('super')
  const { agents } = await matrixOf(served, as)
  const [agent] = agents
  if (agent === undefined) throw new Error('no agent')
  const one = (levels: object) => ({ id: agent.id, basedOn: agent.version, levels })
  for (const body of [
    { agents: [one({ general: 6 })], reason: 'motiv' },
    { agents: [one({ general: -1 })], reason: 'motiv' },
    { agents: [one({ general: 1.5 })], reason: 'motiv' },
    { agents: [one({ general: '3' })], reason: 'motiv' },
    { agents: [one({ 'Taxe și impozite': 3 })], reason: 'motiv' },
    { agents: [one({ constructor_: 3 })], reason: 'motiv' },
    { agents: [one({})], reason: 'motiv' },
    { agents: [], reason: 'motiv' },
    { agents: [one({ general: 3 })], reason: ' ' },
    { agents: [one({ general: 3 })] },
    { agents: [one({ general: 3 }), one({ general: 4 })], reason: 'de două ori' },
  ])
    t.match(
      await ask('PUT', '/api/skills', { as, body }),
      { status: 400, json: { code: 'validation' } },
      JSON.stringify(body),
    )
  t.same((await matrixOf(served, as)).agents, agents)
})

t.test('supervisors and administrators alone read and set skills', async (t) => {
  const { ask, signIn, people } = await serve(t)
  const body = {
    agents: [{ id: people.agent01.id, basedOn: 0, levels: { general: 5 } }],
    reason: 'fără drept',
  }
  for (const who of ['agent01', 'audit', 'edit'] as const) {
    const as = await signIn(who)
    for (const path of ['', '/versions'])
      t.equal((await ask('GET', `/api/skills${path}`, { as })).status, 403, `${who} ${path}`)
    t.equal((await ask('PUT', '/api/skills', { as, body })).status, 403, who)
  }
  t.equal((await ask('GET', '/api/skills')).status, 401)
})
