/** What the keeper does about an Asterisk that ARI cannot reach. */
import t from 'tap'
import { asteriskLife } from '../../../src/stack/services/asterisk-life.ts'

function scene() {
  const did: string[] = []
  const now = { ms: 0, ari: true, others: [true, true, true] }
  const lives = asteriskLife({
    ari: () => Promise.resolve(now.ari),
    others: now.others.map((_, at) => () => Promise.resolve(now.others[at] === true)),
    command: (command) => Promise.resolve(did.push(command)),
    tell: (line) => did.push(line),
    now: () => now.ms,
  })
  const at = (seconds: number) => {
    now.ms = seconds * 1_000
    return lives()
  }
  return { did, now, at }
}

t.test('one sign of life is enough, whichever it is', async (t) => {
  const { now, at, did } = scene()
  now.ari = false
  for (const only of [0, 1, 2]) {
    now.others.fill(false)
    now.others[only] = true
    t.equal(await at(only), true)
  }
  now.others.fill(false)
  t.equal(await at(3), false, 'without any it is dead')
  now.ari = true
  t.equal(await at(4), true)
  t.strictSame(did, [], 'a moment without ARI has no consequence')
})

t.test('ARI that stays away is mended from the console, in steps, and each only once', async (t) => {
  const { now, at, did } = scene()
  now.ari = false
  await at(0)
  await at(4)
  t.strictSame(did, [])
  await at(5)
  await at(59)
  t.strictSame(did.splice(0), [
    'does not answer over ARI, but lives; reloading its HTTP server',
    'module reload http',
  ])
  await at(60)
  await at(600)
  t.strictSame(did.splice(0), [
    'still does not answer over ARI; restarting it once it has no call',
    'core stop when convenient',
  ])
  now.ari = true
  await at(601)
  t.strictSame(did.splice(0), ['core abort shutdown', 'answers over ARI again'])
  now.ari = false
  await at(602)
  await at(606)
  t.strictSame(did, [], 'the time begins anew')
})
