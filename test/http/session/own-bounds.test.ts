/** One account, however often it signs in, takes nothing from the others. */
import t from 'tap'
import { openSession, sessionsPerAccountMax } from '../../../src/people/sessions.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { serve } from '../serve.ts'

t.test('who signs in again and again ends their own oldest sessions', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn, people } = await serve(t, { db })
  const status = async (as: string) => (await ask('GET', '/api/me', { as })).status
  const other = await signIn('agent02')
  const [oldest, next] = [await signIn('agent01'), await signIn('agent01')]
  t.same([await status(oldest), await status(next)], [200, 200])
  for (let nth = 2; nth <= sessionsPerAccountMax; nth += 1)
    await openSession(db, { account: people.agent01.id, method: 'password' })
  await until(async () => (await status(oldest)) === 401)
  t.same([await status(next), await status(other)], [200, 200])
})

t.test('the feeds of one person are bounded over all their sessions', async (t) => {
  const { live, signIn } = await serve(t)
  const answers: (number | undefined)[] = []
  for (const as of [await signIn('agent01'), await signIn('agent01')])
    for (let nth = 0; nth < 20; nth += 1) answers.push((await live(as)).response.statusCode)
  t.same(answers, [...Array.from({ length: 30 }, () => 200), ...Array.from({ length: 10 }, () => 429)])
  t.equal((await live(await signIn('agent02'))).response.statusCode, 200, 'and nobody else’s')
})
