import t from 'tap'
import { AgentId, ChannelId } from '../../src/core/ids.ts'
import type { PbxEvent } from '../../src/acd/ports.ts'
import { FakeAsterisk } from '../support/pbx/fake-pbx.ts'
import { until } from '../support/until.ts'
import { contact } from './outside.ts'
import { pbxContract } from './pbx.ts'

const asterisk = new FakeAsterisk()
asterisk.playMs = 2_000
const pbx = asterisk.adapter()
const events: PbxEvent[] = []
pbx.onEvent((event) => events.push(event))
await pbx.start(() => true)
const names = ['answering', 'declining', 'patient', 'phoneless']
await pbx.applyDirectory(
  names.map((name) => ({ id: AgentId(name), username: name, name, skills: {} })),
  [contact],
  ['+402', '+403', '+407'],
)
for (const name of names) asterisk.register(name, 'desk', name !== 'phoneless')
asterisk.onRing = (leg, username) => {
  if (username === 'answering') asterisk.answer(leg)
  if (username === 'declining') asterisk.hangUp(leg, 'declined')
}
let calls = 0

await pbxContract(t, {
  pbx,
  events,
  async call() {
    calls += 1
    const id = asterisk.arrive(`pbx1-contract.${calls}`)
    await until(() => events.some((event) => event.type === 'CallArrived' && event.call === id))
    return { id, hangUp: () => asterisk.hangUp(ChannelId(id)) }
  },
  async callWithKeys() {
    calls += 1
    const id = asterisk.arrive(`pbx1-contract.${calls}`)
    await until(() => events.some((event) => event.type === 'CallArrived' && event.call === id))
    return { id, press: (key) => asterisk.press(ChannelId(id), key) }
  },
  answering: AgentId('answering'),
  declining: AgentId('declining'),
  patient: AgentId('patient'),
  phoneless: AgentId('phoneless'),
  async dials(dialled) {
    asterisk.dialLine('patient', 'desk', dialled)
    return { over: Promise.resolve(true) }
  },
  async citizen(_number, how) {
    asterisk.onDial = (channel) => {
      if (how === 'picks up') asterisk.pickUp(channel)
      if (how === 'is engaged') asterisk.hangUp(channel, 'busy')
    }
    asterisk.onDialExternal = (leg) => {
      if (how === 'picks up') asterisk.answer(leg)
      if (how === 'is engaged') asterisk.hangUp(leg, 'busy')
    }
  },
})
