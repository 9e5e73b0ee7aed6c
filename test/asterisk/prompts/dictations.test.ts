/** A prompt that is spoken on a phone, by Asterisk's own dialplan: the application is away. */
import { readdirSync, statSync } from 'node:fs'
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { DictationFiles, dictatedIn } from '../../../src/asterisk/prompts/dictations.ts'
import { dictationMs } from '../../../src/core/prompts/dictation.ts'
import { parseWave, secondsOf } from '../../../src/core/prompts/wave.ts'
import { phonePassword } from '../../support/pbx/asterisk.ts'
import { setScene } from '../../support/pbx/pbx-scene.ts'
import { hasTone } from '../../support/sip/audio.ts'
import { openBaresip } from '../../support/sip/baresip.ts'
import { until } from '../../support/until.ts'

const hertz = 1_100
/** Two seconds: Asterisk writes a recording in pieces of as much. */
const enoughBytes = 32_000

t.test('a phone records under a code, once; other codes are refused and leave no file', async (t) => {
  const scene = await setScene(t, ['ana'], { beating: false })
  const { soundsDir } = scene.asterisk.layout
  const folder = dictatedIn(soundsDir)
  const files = new DictationFiles(soundsDir, Date.now)
  const phone = await openBaresip(t, {
    server: scene.asterisk.options.sip,
    username: 'ana',
    password: phonePassword('ana', 'desk'),
    hertz,
  })
  await scene.happened('PhoneChanged', { username: 'ana', reachable: true })
  const refused = async (number: string, why: string) => {
    const before = readdirSync(folder).toSorted()
    await phone.press('dial', number)
    t.match(await phone.next('CALL_CLOSED'), /403/, why)
    t.same(readdirSync(folder).toSorted(), before, 'and leaves no file')
  }
  const sizeOf = (file: string) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0
  const codeOf = (number: string) => number.slice(3)
  const opened = async (by: string) => {
    const dictation = await files.open(by)
    if (typeof dictation === 'string') throw new Error(dictation)
    return dictation
  }

  const close = async () => files.close('dan', (await files.of('dan'))?.until ?? 0)

  await refused('*301234', 'a code that nobody has asked for')
  const { number } = await opened('dan')
  t.match(await files.of('dan'), { number, state: 'waiting' })
  await files.close('dan', 0)
  t.match(await files.of('dan'), { number }, 'another one was meant')
  await phone.press('dial', number)
  await phone.next('CALL_ESTABLISHED')
  await until(() => sizeOf(`${codeOf(number)}.wav`) > enoughBytes)
  t.match(await files.of('dan'), { state: 'recording' })
  t.equal((await scene.pbx.inventory()).callers.length, 0, 'it is no citizen’s call')
  await phone.press('hangup')
  await phone.next('CALL_CLOSED')
  await until(async () => (await files.of('dan'))?.state === 'recorded')
  const recording = await files.recording(number)
  const wave = recording === null ? null : parseWave(recording)
  if (wave === null) throw new Error('no recording')
  t.match(wave, { rate: 8_000, channels: 1 })
  t.ok(secondsOf(wave) >= 2, `${secondsOf(wave)} s`)
  t.ok(hasTone(hertz, wave.samples.subarray(4_000)), 'the tone of the phone')

  await refused(number, 'a code is good for one recording')
  t.same(await files.recording(number), recording)
  await close()
  t.same(readdirSync(folder), [])
  await refused(number, 'nor is it once the recording was fetched')

  const late = await opened('dan')
  const longAgo = new Date(Date.now() - dictationMs)
  await utimes(join(folder, `${codeOf(late.number)}.open`), longAgo, longAgo)
  await refused(late.number, 'a code whose time is over, while no server runs')

  // A call that ends before the tone has no recording, and says so.
  const short = await opened('dan')
  await phone.press('dial', short.number)
  await phone.next('CALL_ESTABLISHED')
  await phone.press('hangup')
  await until(async () => (await files.of('dan'))?.state === 'recorded')
  await close()

  await writeFile(join(folder, '4321.wav'), await readFile(join(soundsDir, 'beep.wav')))
  await files.sweep()
  t.same(readdirSync(folder), [], 'what belongs to no code is deleted')
})
