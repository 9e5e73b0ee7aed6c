import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone } from '../support/sip/sipp.ts'
import { pbxContract } from './pbx.ts'

const scene = await setScene(t, ['answering', 'declining', 'patient', 'phoneless'])
await scene.phone(t, 'answering', `${phone.invited}${phone.ringing}${phone.accept}${phone.hungUp}`)
await scene.phone(t, 'declining', `${phone.invited}${phone.ringing}${phone.refuse('603 Decline')}`)
await scene.phone(t, 'patient', `${phone.invited}${phone.ringing}${phone.cancelled}`)

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
})
