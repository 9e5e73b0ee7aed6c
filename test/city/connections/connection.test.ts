import t from 'tap'
import { HeardAnswers, standingOf } from '../../../src/city/connections/connection.ts'

t.test('the newest answer decides, and the state began after the last of the other kind', async (t) => {
  let now = 0
  const [heard, others] = [new HeardAnswers(() => now), new HeardAnswers(() => now)]
  const standing = () => standingOf([heard, others])
  const at = (time: number, act: () => void): void => {
    now = time
    act()
  }
  t.strictSame(await standing(), {
    state: 'not asked',
    since: null,
    goodAt: null,
    badAt: null,
    cause: null,
    status: null,
  })
  at(10, () => heard.good())
  at(20, () => others.good())
  t.match(await standing(), { state: 'works', since: 10, goodAt: 20, badAt: null })
  at(30, () => heard.bad('no connection'))
  at(40, () => others.bad('login refused'))
  t.match(await standing(), { state: 'fails', since: 30, goodAt: 20, badAt: 40, cause: 'login refused' })
  at(50, () => heard.bad('no connection'))
  t.match(await standing(), { state: 'fails', since: 30, badAt: 50, cause: 'no connection' })
  at(60, () => others.good())
  t.match(await standing(), { state: 'works', since: 60, badAt: 50, cause: 'no connection' })
  at(70, () => heard.good())
  t.match(await standing(), { state: 'works', since: 60, goodAt: 70 })
})

t.test('of two answers in the same millisecond the later one decides', async (t) => {
  const heard = new HeardAnswers(() => 100)
  heard.good()
  heard.bad('no connection')
  t.match(await standingOf([heard]), { state: 'fails', cause: 'no connection' })
  heard.good()
  t.match(await standingOf([heard]), { state: 'works' })
})
