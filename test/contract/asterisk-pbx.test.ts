import t from 'tap'
import { randomInt } from 'node:crypto'
import { AgentId } from '../../src/core/ids.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone, runSipp, type SippRun } from '../support/sip/sipp.ts'
import { trunkAddress } from '../support/pbx/asterisk.ts'
import { pbxContract } from './pbx.ts'

const exit = `127.${randomInt(130, 250)}.${randomInt(256)}.9`
const scene = await setScene(t, ['answering', 'declining', 'patient', 'phoneless'], {
  trunkHosts: [`${trunkAddress}/32`, exit],
})
await scene.phone(t, 'answering', `${phone.invited}${phone.ringing}${phone.accept}${phone.hungUp}`)
await scene.phone(t, 'declining', `${phone.invited}${phone.ringing}${phone.refuse('603 Decline')}`)
await scene.phone(t, 'patient', `${phone.invited}${phone.ringing}${phone.cancelled}`)

const citizens = {
  'picks up': `${phone.accept}${phone.hungUp}`,
  'is engaged': phone.refuse('486 Busy Here'),
  'lets it ring': phone.cancelled,
} as const
let provider: SippRun | undefined

/** The first caller hangs up soon; the others are hung up by the server. */
let calls = 0

await pbxContract(t, {
  pbx: scene.pbx,
  events: scene.events,
  async call() {
    calls += 1
    const end = calls === 1 ? `${pause(5_000)}${caller.hangUp}` : caller.hungUp
    const { arrived } = await scene.call(t, `${caller.invite()}${caller.answered}${caller.ack}${end}`)
    return { id: arrived.call, hangUp: () => undefined }
  },
  answering: AgentId('id-answering'),
  declining: AgentId('id-declining'),
  patient: AgentId('id-patient'),
  phoneless: AgentId('id-phoneless'),
  async citizen(number, how) {
    await provider?.stop()
    provider = await runSipp(t, {
      scenario: `${phone.invited}${phone.ringing}${pause(300)}${citizens[how]}`,
      local: { host: exit, port: 5060 },
      remote: scene.asterisk.options.sip,
      service: number,
      calls: 1000,
    })
  },
})
