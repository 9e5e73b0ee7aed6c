/** Recordings that are published while Asterisk runs: its own dialplan plays them, with the application away. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { PromptFiles } from '../../../src/asterisk/prompts/prompt-files.ts'
import { trunkAddress } from '../../support/pbx/asterisk.ts'
import { setScene } from '../../support/pbx/pbx-scene.ts'
import { hasTone, heardSince, toneWave } from '../../support/sip/audio.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { until } from '../../support/until.ts'
import { cityWith, served } from '../fallback-scene.ts'

const hertz = 1_000
const heardMs = 60_000

t.test('the fallback plays a recording in place of the studio’s file, without a restart', async (t) => {
  const scene = await setScene(t, [], { beating: false, ...(await cityWith(t.testdir({}))) })
  await scene.pbx.applyNumbers(served('always'))
  const sound = toneWave(hertz, 4)
  const digest = createHash('sha256').update(sound).digest('hex')
  const { soundsDir, etcDir } = scene.asterisk.layout
  const files = new PromptFiles({ fixed: soundsDir, texts: textsDirIn(etcDir) }, pino({ level: 'silent' }))
  t.match(await files.made('fallback-hold'), { source: 'studio' })
  await files.apply([{ prompt: 'fallback-hold', digest, load: async () => sound }])
  const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  const citizen = await town.call()
  await until(() => hasTone(hertz, heardSince(citizen.rtp, performance.now() - 500)), heardMs)
  citizen.hangUp()
  await citizen.ended
})
