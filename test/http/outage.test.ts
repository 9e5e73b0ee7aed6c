import t from 'tap'
import { openOverWire } from './cut-wire.ts'
import { password, serve } from './serve.ts'

t.test('without PostgreSQL the desk works on, and routes that need it answer 503', async (t) => {
  const { wire, db } = await openOverWire(t)
  const { ask, signIn, live, state } = await serve(t, { db })
  const as = await signIn('agent01')
  t.equal((await ask('GET', '/api/me', { as })).status, 200)
  wire.cut()
  // Longer than a session is valid without a query.
  state.now = Date.now() + 60_000
  t.equal((await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })).status, 200)
  const feed = await live(as)
  await feed.next('snapshot')
  for (const path of ['/api/calls', '/api/calls/x', '/api/calls/x/recording']) {
    t.match((await ask('GET', path, { as })).json, { status: 503, code: 'database-away' }, path)
  }
  const signing = await ask('POST', '/api/session', { body: { username: 'super', password } })
  t.match(signing.json, { status: 503, code: 'database-away' })
  wire.mend()
  t.equal((await ask('GET', '/api/calls', { as })).status, 200)
})

t.test(
  'a configuration is published once, whether PostgreSQL is away or only its answer is lost',
  async (t) => {
    const { wire, db } = await openOverWire(t)
    const { ask, signIn } = await serve(t, { db })
    const as = await signIn('admin')
    const { id, document } = (await ask('GET', '/api/configuration', { as })).json
    const publish = (basedOn: unknown, reason: string) =>
      ask('POST', '/api/configuration/versions', { as, body: { document, basedOn, reason } })
    const versions = async () =>
      ((await ask('GET', '/api/configuration/versions', { as })).json as { items: { id: number }[] }).items
    const away = {
      status: 503,
      json: {
        code: 'database-away',
        detail:
          'Baza de date nu răspunde acum. Apelurile merg mai departe; încearcă din nou în câteva secunde.',
      },
    }

    wire.cut()
    t.match(await publish(id, 'avarie'), away)
    wire.mend()
    t.same(await versions(), [], 'nothing is published by itself later')
    const first = await publish(id, 'avarie')
    t.equal(first.status, 201)

    wire.loseCommitOf('configuration_versions')
    t.match(await publish(first.json['id'], 'avaria s-a terminat'), away)
    const [lost] = await versions()
    t.match(lost, { reason: 'avaria s-a terminat' }, 'it is published all the same')
    t.match(await publish(first.json['id'], 'avaria s-a terminat'), { status: 201, json: lost ?? {} })
    t.same(
      (await versions()).map((version) => version.id),
      [lost?.id, first.json['id']],
    )
  },
)
