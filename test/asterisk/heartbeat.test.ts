import { pino } from 'pino'
import t from 'tap'
import { Heartbeat } from '../../src/asterisk/fallback/heartbeat.ts'

/** Each look for waiting callers, and each single one, in order; those with these numbers fail. */
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

void t.test('the first beat fetches who waits, one that follows in time does not', async (t) => {
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

void t.test('one that Asterisk has taken late fetches who came meanwhile', async (t) => {
  const { beat, at, asked } = aBeat()
  await beat.taken(at.ms)
  const sentAt = at.ms + 1_000
  at.ms += 4_000
  await beat.taken(sentAt)
  t.equal(asked.length, 2)
  at.ms += 500
  await beat.taken(at.ms - 100)
  t.equal(asked.length, 3, 'what the dialplan reads was too old again')
})

void t.test('who could not be fetched is fetched with the next beat', async (t) => {
  const { beat, at, asked } = aBeat({ failing: [1] })
  await beat.taken(at.ms)
  at.ms += 1_000
  await beat.taken(at.ms)
  at.ms += 1_000
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'everybody'])
})

void t.test('who joins the queue although the beat is fresh is fetched alone', async (t) => {
  const { beat, at, asked } = aBeat()
  await beat.joined('too early')
  await beat.taken(at.ms)
  at.ms += 2_000
  await beat.joined('on his way')
  at.ms += 2_000
  await beat.joined('too late')
  t.same(asked, ['everybody', 'on his way'])
})

void t.test('and with the next beat, if that fails', async (t) => {
  const { beat, at, asked } = aBeat({ failing: [2] })
  await beat.taken(at.ms)
  await beat.joined('on his way')
  at.ms += 1_000
  await beat.taken(at.ms)
  t.same(asked, ['everybody', 'on his way', 'everybody'])
})

void t.test('while callers are fetched nobody is fetched a second time', async (t) => {
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
  t.same(asked, ['everybody', 'everybody'], 'if he was not, he is fetched now')
})
