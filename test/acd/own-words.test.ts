import t from 'tap'
import { testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
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
  await until(() => heard.length === 1)
  stage.hasSound = () => true
  stage.asterisk.arrive('c2')
  await until(() => heard.length === 2)
  t.same(heard, [{ say: 'greeting' }, { say: 'greeting', words: { ro: 'salut' } }])
})
