/** The keys of another real desk phone (linphone): hold, blind and attended transfer. */
import t from 'tap'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Api } from '../../../tools/demo/api.ts'
import { heardLately, hears, loudness, tone } from '../../support/sip/audio.ts'
import { openLinphone } from '../../support/sip/linphone.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { openScene, transitions } from '../scene.ts'

const agentTone = 600
const colleagueTone = 1_300

t.test('hold and transfer by the keys of linphone', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 3, overrides: { WRAP_UP_MS: '500', RING_TIMEOUT_MS: '60000' } })
  const account = scene.linia.account('agent01')
  if (account.phone === undefined) throw new Error('agent01 has no desk phone')
  const api = new Api(scene.linia.url)
  const { id } = await api.signIn(account)
  const speech = join(t.testdir({}), 'speech.wav')
  await writeFile(speech, waveOf(agentTone, 60))
  const { host, port } = scene.linia.sip
  const phone = await openLinphone(t, { server: scene.linia.sip, ...account.phone, speech })
  await until(() => scene.view.agents.get(id)?.phones.desk === true)
  await api.ask('PUT', '/api/me/device', { device: 'desk' })
  await api.setState({ state: 'ready' })
  const colleague = await scene.deskAgent('agent03', { ready: false })
  const took: Record<string, number> = {}
  const phase = () => [...scene.view.calls.values()][0]?.phase
  const consult = () => [...scene.view.calls.values()][0]?.consult ?? null

  async function talk(callerId: string) {
    if (scene.view.agents.get(colleague.id)?.state !== 'paused')
      await colleague.api.setState({ state: 'paused', reason: 'break' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'paused' && scene.view.calls.size === 0)
    await api.setState({ state: 'ready' })
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    const [, call = ''] = await phone.says(/incoming call from [^\n]*assigned id (\d+)/)
    await phone.press(`answer ${call}`)
    await until(() => phase() === 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    await colleague.api.setState({ state: 'ready' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'ready')
    return { citizen, call }
  }
  const followed = async (what: string, pressedAt: number, condition: () => boolean) => {
    await until(condition)
    took[what] = Date.now() - pressedAt
  }

  await t.test('hold', async (t) => {
    const { citizen, call } = await talk('0722000991')
    await followed('hold', await phone.press('pause'), () => phase() === 'held')
    await until(() => !hears(citizen.rtp, agentTone))
    await until(() => loudness(heardLately(citizen.rtp)) > 0.005)
    await followed('resume', await phone.press(`resume ${call}`), () => phase() === 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    t.pass('music on hold, and the agent again')
    await phone.press(`terminate ${call}`)
    await citizen.ended
  })

  await t.test('blind transfer', async (t) => {
    const { citizen } = await talk('0722000992')
    await phone.press(`transfer sip:agent03@${host}:${port}`)
    const theirs = await colleague.phone.answerNext(tone(colleagueTone))
    await until(() => hears(citizen.rtp, colleagueTone))
    theirs.hangUp()
    await citizen.ended
    t.ok(transitions(await scene.record('0722000992')).includes('TransferRequested'))
  })

  await t.test('attended transfer', async (t) => {
    const { citizen, call } = await talk('0722000993')
    await phone.press('pause')
    await until(() => phase() === 'held')
    await followed('dial', await phone.press(`call sip:agent03@${host}:${port}`), () => consult() !== null)
    const theirs = await colleague.phone.answerNext(tone(colleagueTone))
    await until(() => hears(theirs.rtp, agentTone) && consult()?.seat === 'side')
    t.notOk(hears(citizen.rtp, agentTone))
    const [, second = ''] = await phone.says(/assigned id (\d+)/)
    const pressedAt = await phone.press(`transfer ${call} --to-call ${second}`)
    await followed('transfer', pressedAt, () => consult() === null)
    await until(() => hears(citizen.rtp, colleagueTone) && hears(theirs.rtp, citizenTone))
    theirs.hangUp()
    await citizen.ended
    t.ok(transitions(await scene.record('0722000993')).includes('ConsultCompleted'))
  })
  t.comment(`the board followed after ${JSON.stringify(took)} ms`)
})

/** 8 kHz, 16 bit, one channel. */
function waveOf(hertz: number, seconds: number): Buffer {
  const samples = 8_000 * seconds
  const data = Buffer.alloc(44 + samples * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + samples * 2, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(8_000, 24)
  data.writeUInt32LE(16_000, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(samples * 2, 40)
  for (let at = 0; at < samples; at += 1)
    data.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / 8_000)), 44 + 2 * at)
  return data
}
