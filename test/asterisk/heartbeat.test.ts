import { pino } from 'pino'
import t from 'tap'
import { Heartbeat } from '../../src/asterisk/fallback/heartbeat.ts'

/** Records each fetch, of all waiting callers or of one, in order; fetches with the given numbers fail. */
function aBeat({ failing = [] as readonly number[], until = Promise.resolve() } = {}) {
  const at = { ms: 100_000 }
  const asked: string[] = []
  const ask = async (what: string) => {
    const number = asked.push(what)
    await until
    if (failing.includes(number)) throw new Error('AMI is away')
  }
  const beat = new Heartbeat({
    retakeWaiting: () => ask('everybody'),
    retake: ask,
    monotonic: () => at.ms,
    log: pino({ level: 'silent' }),
  })
  return { beat, at, asked }
}

void t.test('the first heartbeat fetches waiting callers, one that follows in time does not', async (t) => {
  const { beat, at, asked } = aBeat()
  await beat.taken(at.ms)
  for (let each = 0; each < 3; each += 1) {
    at.ms += 2_900
    await beat.taken(at.ms)
  }
  t.same(asked, ['everybody'])
  at.ms += 3_100
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'everybody'])
})

void t.test('a heartbeat that Asterisk accepted late fetches callers who came meanwhile', async (t) => {
  const { beat, at, asked } = aBeat()
  await beat.taken(at.ms)
  const sentAt = at.ms + 1_000
  at.ms += 4_000
  await beat.taken(sentAt)
  t.equal(asked.length, 2)
  at.ms += 500
  await beat.taken(at.ms - 100)
  t.equal(asked.length, 3, 'the dialplan’s heartbeat was stale again')
})

void t.test('a failed fetch is repeated with the next heartbeat', async (t) => {
  const { beat, at, asked } = aBeat({ failing: [1] })
  await beat.taken(at.ms)
  at.ms += 1_000
  await beat.taken(at.ms)
  at.ms += 1_000
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'everybody'])
})

void t.test('a caller who joins the queue despite a fresh heartbeat is fetched alone', async (t) => {
  const { beat, at, asked } = aBeat()
  await beat.joined('too early')
  await beat.taken(at.ms)
  at.ms += 2_000
  await beat.joined('on the way')
  at.ms += 2_000
  await beat.joined('too late')
  t.same(asked, ['everybody', 'on the way'])
})

void t.test('if that fails, the next heartbeat fetches the caller', async (t) => {
  const { beat, at, asked } = aBeat({ failing: [2] })
  await beat.taken(at.ms)
  await beat.joined('on the way')
  at.ms += 1_000
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'on the way', 'everybody'])
})

void t.test('during a fetch no caller is fetched a second time', async (t) => {
  const fetched = Promise.withResolvers<void>()
  const { beat, at, asked } = aBeat({ until: fetched.promise })
  const taken = [beat.taken(at.ms)]
  await beat.joined('perhaps among them')
  at.ms += 1_000
  taken.push(beat.taken(at.ms))
  t.same(asked, ['everybody'])
  fetched.resolve()
  await Promise.all(taken)
  at.ms += 1_000
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'everybody'], 'a caller missed by that fetch is fetched now')
})
