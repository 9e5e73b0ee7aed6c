/** Pieces of music and recordings that are published while Asterisk runs, by the tones that callers hear. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { PromptFiles, type PublishedSound } from '../../../src/asterisk/prompts/prompt-files.ts'
import { callerLegOf, QueueId } from '../../../src/core/ids.ts'
import { musicOf } from '../../../src/core/prompts/recordable.ts'
import { trunkAddress } from '../../support/pbx/asterisk.ts'
import { setScene } from '../../support/pbx/pbx-scene.ts'
import { hears, toneWave } from '../../support/sip/audio.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { until } from '../../support/until.ts'
import { cityWith, served } from '../fallback-scene.ts'

const [first, second, voice] = [523, 880, 1_300]

function piece(prompt: string, hertz: number): PublishedSound {
  const sound = toneWave(hertz, 6)
  return { prompt, digest: createHash('sha256').update(sound).digest('hex'), load: async () => sound }
}

/** `beating`: the application is there. */
async function musicScene(t: Test, beating: boolean) {
  const scene = await setScene(t, [], { beating, ...(await cityWith(t.testdir({}))) })
  await scene.pbx.applyNumbers(served('always'))
  const { soundsDir, etcDir } = scene.asterisk.layout
  const files = new PromptFiles({ fixed: soundsDir, texts: textsDirIn(etcDir) }, pino({ level: 'silent' }))
  const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  return { scene, files, town }
}

const attended = await musicScene(t, true)

/** A caller, with the channel. */
async function dials() {
  const { scene, town } = attended
  const arrivals = () =>
    scene.events.flatMap((event) => (event.type === 'CallArrived' ? [callerLegOf(event.call)] : []))
  const before = arrivals().length
  const citizen = await town.call()
  await until(() => arrivals().length > before)
  return { citizen, channel: arrivals()[before]! }
}

t.test('the next caller who waits hears the published piece, and the next one after it', async (t) => {
  const { scene, files } = attended
  const waits = async () => {
    const { citizen, channel } = await dials()
    await scene.pbx.perform({ do: 'AnswerCaller', channel })
    t.equal(await scene.pbx.perform({ do: 'StartMusic', channel }), 'done')
    return citizen
  }
  await files.apply([piece('music', first)])
  const one = await waits()
  await until(() => hears(one.rtp, first))
  await files.apply([piece('music', second)])
  const two = await waits()
  await until(() => hears(two.rtp, second))
  await until(() => hears(one.rtp, second))
  t.pass('a caller who goes on waiting hears it once the old piece has ended')
  await files.apply([])
  const three = await waits()
  await until(() => three.rtp.heard().length > 100)
  t.notOk(hears(three.rtp, first) || hears(three.rtp, second), 'the made melody again')
  for (const citizen of [one, two, three]) citizen.hangUp()
})

t.test('a queue has a piece of its own, and callers who change queue change the music', async (t) => {
  const { scene, files } = attended
  const [city, taxes] = [QueueId('city'), QueueId('taxes')]
  await scene.pbx.applyMusic([city, taxes])
  await files.apply([piece('music', first), piece(musicOf(taxes), second)])
  const { citizen, channel } = await dials()
  const starts = async (queue: QueueId) =>
    t.equal(await scene.pbx.perform({ do: 'StartMusic', channel, queue }), 'done')
  await scene.pbx.perform({ do: 'AnswerCaller', channel })
  await starts(city)
  await until(() => hears(citizen.rtp, first))
  t.pass('a queue without one has the line’s')
  await starts(taxes)
  await until(() => hears(citizen.rtp, second))
  t.equal(await files.made(musicOf(taxes)), null, 'the line’s is no sound of the queue, to go back to')
  await scene.pbx.applyMusic([city, taxes, QueueId('new')])
  const since = citizen.rtp.heard().length
  await until(() => citizen.rtp.heard().length > since + 100)
  t.ok(hears(citizen.rtp, second), 'a class more interrupts nobody')
  await files.apply([piece('music', first)])
  await until(() => hears(citizen.rtp, first))
  t.pass('a piece that is taken back is followed by the line’s')
  await files.apply([piece('music', first), piece(musicOf(taxes), second)])
  await starts(city)
  await until(() => hears(citizen.rtp, first))
  await starts(taxes)
  await until(() => hears(citizen.rtp, second))
  citizen.hangUp()
})

t.test('Asterisk alone plays it, too, and a recording in place of the studio’s file', async (t) => {
  const { files, town } = await musicScene(t, false)
  t.match(await files.made('fallback-hold'), { source: 'studio' })
  await files.apply([piece('music', first), piece('fallback-hold', voice)])
  const citizen = await town.call()
  await until(() => hears(citizen.rtp, first))
  t.pass('before the application is given up')
  await until(() => hears(citizen.rtp, voice))
  t.pass('a recording, without a restart')
  await until(() => citizen.rtp.heard().length > 50 * 15)
  await until(() => hears(citizen.rtp, first))
  t.pass('and in its queue')
  citizen.hangUp()
  await citizen.ended
})
