/** `make soak` in small: after a load everything is on record, and keys and connections are as they were. */
import t from 'tap'
import { missingSound } from '../bench/recordings.ts'
import { grownSince, runSoak, slopesOf } from './soak.ts'
import { openHouse } from './stage.ts'

t.test('a load that is over leaves nothing but its records', { timeout: 240_000 }, async (t) => {
  const house = await openHouse(t, { nodes: 2, agents: 12 })
  const load = { perSecond: 5, talkMs: 1_500, seconds: 8, sampleEveryMs: 2_000, movesEveryMs: 3_000 }
  const soak = await runSoak(house, load)
  t.comment(`memory, MB an hour: ${JSON.stringify(slopesOf(soak.samples))}`)
  t.equal(soak.called, load.perSecond * load.seconds)
  t.equal(soak.served, soak.called, 'everybody is served')
  t.equal(soak.missedRecords, 0, 'every call is on record')
  t.equal(soak.sound.conversations, soak.called)
  t.same(missingSound(soak.sound), [], 'and so is all that was said')
  t.same(grownSince(soak.before, soak.after), [], 'files, sockets and keys are as before')
})
