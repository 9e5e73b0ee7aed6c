import t from 'tap'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)

void t.test('callers hear their number’s own greeting once it has a sound', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.words = { greeting: { ro: 'salut' }, closed: null }
  stage.rules = { ...stage.rules, greeting: true }
  stage.asterisk.playMs = null
  const heard: unknown[] = []
  stage.asterisk.onPlay = (_channel, prompt) => void heard.push(prompt)
  await stage.server().start()
  stage.hasSound = () => false
  stage.asterisk.arrive('c1')
  await soon(() => heard.length === 1)
  stage.hasSound = () => true
  stage.asterisk.arrive('c2')
  await soon(() => heard.length === 2)
  t.same(heard, [{ say: 'greeting' }, { say: 'greeting', words: { ro: 'salut' } }])
})

void t.test('a number’s own grace after closing bounds the wait of its callers', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const closesAt = Date.now() + 60_000
  stage.opening = { open: true, closesAt }
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  t.equal((await server.phase('c1', 'waiting')).waitUntil, closesAt + stage.rules.closingGraceMs)
  stage.closingGraceMs = 0
  stage.asterisk.arrive('c2')
  t.equal((await server.phase('c2', 'waiting')).waitUntil, closesAt, 'from the next call on')
})
