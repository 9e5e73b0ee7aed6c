import t from 'tap'
import { randomInt } from 'node:crypto'
import { AgentId } from '../../src/core/ids.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { authentication, caller, pause, phone, runSipp, type SippRun } from '../support/sip/sipp.ts'
import { agent, phonePassword, trunkAddress } from '../support/pbx/asterisk.ts'
import { openTown } from '../support/sip/citizen.ts'
import { until } from '../support/until.ts'
import { contact } from './outside.ts'
import { pbxContract } from './pbx.ts'

const exit = `127.${randomInt(130, 250)}.${randomInt(256)}.9`
const names = ['answering', 'declining', 'patient', 'phoneless']
const scene = await setScene(t, names, {
  trunkHosts: [`${trunkAddress}/32`, exit],
})
await scene.pbx.applyDirectory(names.map(agent), [contact], ['+402', '+403', '+407'])
await scene.phone(t, 'answering', `${phone.invited}${phone.ringing}${phone.accept}${phone.hungUp}`)
await scene.phone(t, 'declining', `${phone.invited}${phone.ringing}${phone.refuse('603 Decline')}`)
await scene.phone(t, 'patient', `${phone.invited}${phone.ringing}${phone.cancelled}`)

const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })

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
  async callWithKeys() {
    const before = scene.events.length
    const citizen = await town.call()
    const arrived = () => scene.events.slice(before).find((event) => event.type === 'CallArrived')
    await until(() => arrived() !== undefined)
    const event = arrived()
    if (event?.type !== 'CallArrived') throw new Error('the call did not arrive')
    return { id: event.call, press: (key) => citizen.rtp.press(key) }
  },
  answering: AgentId('id-answering'),
  declining: AgentId('id-declining'),
  patient: AgentId('id-patient'),
  phoneless: AgentId('id-phoneless'),
  async dials(dialled, goes) {
    const auth = authentication('patient', phonePassword('patient', 'desk'))
    const from = '<sip:patient@[local_ip]>'
    const first = `${caller.invite({ from, to: dialled })}<recv response="401" auth="true"/>${caller.ackRefused}`
    const again = caller.invite({ from, to: dialled, headers: [auth], cseq: 2 })
    const rung = '<recv response="100" optional="true"/><recv response="180"/>'
    const then = {
      answered: `${rung}<recv response="180" optional="true"/><recv response="180" optional="true"/>
        <recv response="200" rrs="true"/>${caller.ackTo(2)}${caller.hungUp}`,
      busy: `${rung}<recv response="486"/>`,
    }
    const run = await runSipp(t, {
      scenario: `${first}${again}${then[goes]}`,
      local: { host: '127.0.0.1', port: await freePort('127.0.0.1') },
      remote: scene.asterisk.options.sip,
      service: dialled,
    })
    return { over: run.done.then((code) => code === 0) }
  },
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
