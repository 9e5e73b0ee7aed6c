import t from 'tap'
import { demoRoutes } from '../../../tools/demo/routes.ts'
import { cookieIn, demoOf, serve } from '../../http/serve.ts'

t.test('in the demo, this machine may sign in without a password and start a trial call', async (t) => {
  const called: string[] = []
  const demo = demoOf(async (agent) => void called.push(agent))
  const { ask } = await serve(t, { demo: true }, [demoRoutes(demo)])
  t.same((await ask('GET', '/api/demo')).json, {
    accounts: [{ username: 'agent01', name: 'Ana Pop', role: 'agent' }],
  })
  const answer = await ask('POST', '/api/demo/session', { body: { username: 'agent01' } })
  t.match(answer.json, { username: 'agent01', demo: true, agent: { state: 'paused' } })
  const as = cookieIn(answer)
  t.equal((await ask('POST', '/api/demo/call-me', { as })).status, 202)
  t.same(called, ['agent01'])
  t.equal(
    (await ask('POST', '/api/demo/session', { body: { username: 'super' } })).status,
    404,
    'only the offered accounts',
  )
})

t.test('for other machines these routes do not exist', async (t) => {
  const { ask } = await serve(t, { demo: true }, [demoRoutes(demoOf())])
  const elsewhere = [
    { 'x-forwarded-for': '10.1.2.3' },
    { 'x-forwarded-for': '127.0.0.1, 10.1.2.3' },
    // DNS rebinding: another site's name that points at this machine.
    { 'x-forwarded-host': 'evil.example' },
  ]
  for (const headers of elsewhere) {
    t.equal((await ask('GET', '/api/demo', { headers })).status, 404)
    const body = { username: 'agent01' }
    t.equal((await ask('POST', '/api/demo/session', { headers, body })).status, 404)
  }
  const real = await serve(t)
  t.equal((await real.ask('GET', '/api/demo')).status, 404)
  t.equal((await real.ask('POST', '/api/demo/session', { body: { username: 'agent01' } })).status, 404)
})

t.test('a trial call that cannot be started is reported', async (t) => {
  const { ask, signIn } = await serve(t, { demo: true }, [
    demoRoutes(demoOf(() => Promise.reject(new Error('no sipp')))),
  ])
  const answer = await ask('POST', '/api/demo/call-me', { as: await signIn('agent01') })
  t.match(answer.json, { status: 503, code: 'demo-failed' })
})
