/** Attacks on the sign-in from one address: nobody else may be kept out, and nothing undeletable may grow. */
import t from 'tap'
import { sql } from 'kysely'
import { attack } from '../../support/attack.ts'
import { until } from '../../support/until.ts'
import { password, serve, type Answer, type Served } from '../serve.ts'

const attacker = '203.0.113.66'

const enter = ({ ask }: Served, from: string, username: string, secret: string, cookie?: string) =>
  ask('POST', '/api/session', {
    body: { username, password: secret },
    headers: { 'x-forwarded-for': from, ...(cookie !== undefined && { cookie }) },
  })

/** All cookies of the answer: the session's and the browser's. */
const cookiesIn = ({ headers }: Answer): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')

t.test('sign-in under attack from one address', async (t) => {
  const served = await serve(t)
  const victims = ['agent01', 'super'] as const
  const mine = '198.51.100.7'

  await attack(
    t,
    {
      attack: 'keeps two accounts out by guessing from one address',
      before: '20 of 20 sign-ins with the right password from other addresses were refused',
      now: 'the owners sign in; only the guesser waits',
    },
    async (t) => {
      // Four at once, as fast as the answers come, for as long as the victims try.
      const over = new AbortController()
      const slowed = new Set<string>()
      const guessing = victims.flatMap((victim) =>
        Array.from({ length: 4 }, async () => {
          while (!over.signal.aborted)
            if ((await enter(served, attacker, victim, 'not this one')).status === 429) slowed.add(victim)
        }),
      )
      await until(() => slowed.size === victims.length)
      const statuses: number[] = []
      for (let n = 0; n < 10; n += 1)
        for (const victim of victims) statuses.push((await enter(served, mine, victim, password)).status)
      over.abort()
      await Promise.all(guessing)
      t.same(new Set(statuses), new Set([200]), statuses.join(' '))
      // Long enough for the next try, on any machine.
      await until(async () => {
        const { headers } = await enter(served, attacker, victims[0], 'not this one')
        return Number(headers.get('retry-after')) >= 2
      })
      t.equal((await enter(served, attacker, victims[0], password)).status, 429, 'the guesser waits')
    },
  )

  await attack(
    t,
    {
      attack: 'keeps an office out by guessing from within its network',
      before: '10 of 10 sign-ins with the right password from this network were refused',
      now: 'who has signed in there before signs in, and so does everybody whose name is not being guessed',
    },
    async (t) => {
      const office = '203.0.113.80'
      const known = cookiesIn(await enter(served, office, 'audit', password))
      for (let n = 0; n < 30; n += 1) await enter(served, office, 'audit', 'not this one')
      for (let n = 0; n < 30; n += 1) await enter(served, office, `nobody${n}`, 'not this one')
      const statuses: number[] = []
      for (let n = 0; n < 5; n += 1) {
        statuses.push((await enter(served, office, 'audit', password, known)).status)
        statuses.push((await enter(served, office, 'edit', password)).status)
      }
      t.same(new Set(statuses), new Set([200]), statuses.join(' '))
      const forged = known.replace(/linia-browser=..../, 'linia-browser=AAAA')
      while ((await enter(served, office, 'audit', 'not this one')).status !== 429);
      t.equal((await enter(served, office, 'audit', password, forged)).status, 429, 'a forged browser')
      t.equal((await enter(served, office, 'admin', 'not this one', known)).status, 401)
    },
  )

  await attack(
    t,
    {
      attack: 'guesses from sixteen networks at once, with a new name each time',
      before: 'four at a time took both processors, and everybody waited until all had been checked',
      now: 'one at a time, and a browser that is known waits for none of those in the queue',
    },
    async (t) => {
      const known = cookiesIn(await enter(served, mine, 'super', password))
      const over = new AbortController()
      let checked = 0
      const guessing = Array.from({ length: 32 }, async (_, guesser) => {
        for (let n = 0; !over.signal.aborted; n += 1) {
          const { status } = await enter(served, `203.0.${guesser % 16}.9`, `nobody${guesser}x${n}`, 'wrong')
          if (status === 401) checked += 1
        }
      })
      await until(() => checked > 32)
      const meanwhile: number[] = []
      for (let n = 0; n < 9; n += 1) {
        const before = checked
        t.equal((await enter(served, mine, 'super', password, known)).status, 200)
        meanwhile.push(checked - before)
      }
      over.abort()
      await Promise.all(guessing)
      const median = meanwhile.sort((a, b) => a - b)[4] ?? Infinity
      t.ok(median <= 12, `of 32 in the queue ${meanwhile.join(', ')} went before`)
    },
  )

  await attack(
    t,
    {
      attack: 'fills the register of sign-ins with refused tries',
      before: 'each of 300 tries left a row that no login can delete',
      now: 'one row a day for each address and account, which can be deleted',
    },
    async (t) => {
      const rows = async () =>
        (
          await sql<{ n: number }>`select count(*)::int n from sign_ins where outcome <> 'signed in'`.execute(
            served.db,
          )
        ).rows[0]!.n
      const before = await rows()
      for (let n = 0; n < 60; n += 1) await enter(served, '203.0.113.67', `nobody${n}`, 'wrong')
      t.equal((await rows()) - before, 0)
      const counted = await served.db
        .selectFrom('refused_sign_ins')
        .select('refused')
        .where('address', '=', '203.0.113.67')
        .execute()
      t.same(counted, [{ refused: 60 }])
    },
  )
})
