/** The fallback queue: admission, bounds, and charging of the caller. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { trunkAddress } from '../support/pbx/asterisk.ts'
import { hasTone, heardSince } from '../support/sip/audio.ts'
import { openTown } from '../support/sip/citizen.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { until } from '../support/until.ts'
import { answered, cel, celSays, cityWith, served, waitingCaller, watchOver } from './fallback-scene.ts'

const folders = t.testdir({ usual: {}, tones: {} })
const city = await cityWith(join(folders, 'usual'))

/** A prompt that differs audibly from all others. */
async function studioTone(studio: string, prompt: string, hertz: number): Promise<void> {
  const file = join(studio, `${prompt}.wav`)
  await promisify(execFile)('sox', ['-n', '-r', '16000', file, 'synth', '3', 'sine', String(hertz)])
}

void t.test('with ANSWER=agent a caller is not charged before entering the queue', async (t) => {
  const scene = await setScene(t, [], { beating: false, ...city, answer: 'agent' })
  const from = Date.now() + 3_600_000
  await scene.pbx.applyNumbers(served([{ opensAt: from, closesAt: from + 3_600_000 }]))
  const refused = await scene.dial(t, waitingCaller)
  await celSays(scene, 'LINIA_FALLBACK_CLOSED')
  t.match(refused.messages(), /SIP\/2\.0 183/, 'attempts and message are early media')
  await until(async () => (await cel(scene)).includes('"CHAN_END"'))
  t.notOk(answered(refused))
  await scene.pbx.applyNumbers(served('always'))
  const queued = await scene.dial(t, waitingCaller)
  await celSays(scene, 'LINIA_FALLBACK_QUEUED')
  await until(() => answered(queued))
})

// A city that is closed, open and broken in turn, while the application is away.
const told = await cityWith(join(folders, 'tones'))
await studioTone(told.studio, 'opens', 1000)
await studioTone(told.studio, 'technical-fault', 1300)
const alone = await setScene(t, [], { beating: false, ...told })

void t.test('a caller at night hears the next opening', async (t) => {
  const scene = alone
  const hour = 3_600_000
  await scene.pbx.applyNumbers(
    served([{ opensAt: Date.now() + 20 * hour, closesAt: Date.now() + 21 * hour }]),
  )
  const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  const citizen = await town.call()
  await until(() => hasTone(1000, heardSince(citizen.rtp, performance.now() - 500)))
  t.match(await citizen.ended, { ending: 'line hung up' })
  await celSays(scene, 'LINIA_FALLBACK_CLOSED')
})

void t.test('a number that says itself when it is answered is not bound to the setting', async (t) => {
  const scene = alone
  await scene.pbx.applyNumbers([
    { number: '969', also: [], windows: 'always', answer: 'agent', closingGraceMs: null },
  ])
  const caller = await scene.dial(t, waitingCaller)
  await until(() => /SIP\/2\.0 183/.test(caller.messages()))
  t.notOk(answered(caller), 'while the application is not there')
  await celSays(scene, 'LINIA_FALLBACK_QUEUED')
  await until(() => answered(caller))
})

void t.test('without its queue the fallback plays a message about the fault, and records it', async (t) => {
  const scene = alone
  await scene.pbx.applyNumbers(served('always'))
  // As if someone had removed the queue from the file: Queue() returns at once.
  const file = join(scene.asterisk.layout.etcDir, 'queues.conf')
  const queues = await readFile(file, 'utf8')
  t.match(queues, '[linia-fallback]')
  await writeFile(file, queues.replace('[linia-fallback]', '[another]'))
  await scene.asterisk.restart()
  const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  const citizen = await town.call()
  await until(() => hasTone(1300, heardSince(citizen.rtp, performance.now() - 500)))
  t.match(await citizen.ended, { ending: 'line hung up' })
  await until(async () => (await cel(scene)).includes('technical fault'))
})

void t.test(
  'a caller taken out of a hung application is served within the grace, and refused after it',
  async (t) => {
    const bounds = { lineLengthMax: 10, waitMaxMs: 3_600_000, closingGraceMs: 3_600_000, callsMax: 100 }
    const scene = await setScene(t, [], { ...city, bounds })
    const hour = 3_600_000
    const now = Date.now()
    const closedSince = (closesAt: number) => [
      { opensAt: closesAt - hour, closesAt },
      { opensAt: now + 20 * hour, closesAt: now + 21 * hour },
    ]
    await scene.call(t, waitingCaller)
    await scene.pbx.applyNumbers(served(closedSince(now - hour / 2)))
    scene.stopBeat()
    const stop = watchOver(scene)
    await celSays(scene, 'Queue')
    t.notMatch(await cel(scene), /LINIA_FALLBACK_CLOSED/)

    await scene.pbx.applyNumbers(served(closedSince(now - 2 * hour)))
    await scene.startBeat()
    const late = await scene.call(t, waitingCaller)
    scene.stopBeat()
    await celSays(scene, 'LINIA_FALLBACK_CLOSED')
    t.equal(await late.run.done, 0)
    await stop()
  },
)

/** The queue observes the ACD’s bounds: length and longest wait. */
async function boundsHold(t: Test): Promise<void> {
  // The attempts to reach the application take five seconds of each caller's.
  const bounds = { lineLengthMax: 1, waitMaxMs: 22_000, closingGraceMs: 0, callsMax: 100 }
  const scene = await setScene(t, [], { beating: false, ...city, bounds })
  const first = await scene.dial(t, waitingCaller)
  await celSays(scene, 'Queue')
  const second = await scene.dial(t, waitingCaller)
  await until(async () => (await cel(scene)).includes('line full'))
  await until(async () => (await cel(scene)).includes('waited too long'))
  t.equal(await first.done, 0)
  t.equal(await second.done, 0)
}

/** The waiting caller is told in time. */
async function ownGraceHolds(t: Test): Promise<void> {
  const bounds = { lineLengthMax: 10, waitMaxMs: 3_600_000, closingGraceMs: 3_600_000, callsMax: 100 }
  const scene = await setScene(t, [], { beating: false, ...city, bounds })
  // The attempts to reach the application take five seconds before the caller is in the queue.
  const closesAt = Date.now() + 17_000
  const windows = [
    { opensAt: closesAt - 3_600_000, closesAt },
    { opensAt: closesAt + 72_000_000, closesAt: closesAt + 75_600_000 },
  ]
  await scene.pbx.applyNumbers(served(windows, 0))
  const caller = await scene.dial(t, waitingCaller)
  await celSays(scene, 'Queue')
  await until(async () => (await cel(scene)).includes('waited too long'))
  t.equal(await caller.done, 0)
}

void t.test(
  'the queue observes the ACD’s bounds, and instead of the setting a number’s own grace',
  async (t) => {
    await Promise.all([boundsHold(t), ownGraceHolds(t)])
  },
)
